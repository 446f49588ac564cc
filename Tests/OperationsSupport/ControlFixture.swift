import AWSClient
import AWSControl
import Credentials
import LoopbackServer
import Platform
import SigV4
import TestSupport

/// A client of AWS whose calls go to a server on loopback and whose waits take no time.
package final class ControlFixture {
  /// The server, when it is a scripted one.
  package let server: ScriptedServer?
  package let client: ControlClient
  /// The clock of the client, which advances only in waits.
  package let clock: Clock
  /// Every wait, in milliseconds.
  package let sleeps: Recorder<Int64>
  /// The writes of a dry run.
  package let planned = Recorder<PlannedWrite>()

  /// A client of a server that gives one answer after the other.
  package convenience init(_ answers: [ScriptedServer.Answer], dryRun: Bool = false) throws {
    let server = try ScriptedServer(answers)
    try self.init(url: server.baseURL, server: server, dryRun: dryRun)
  }

  /// A client of the test's own server.
  package convenience init(url: String, dryRun: Bool = false) throws {
    try self.init(url: url, server: nil, dryRun: dryRun)
  }

  private init(url: String, server: ScriptedServer?, dryRun: Bool) throws {
    self.server = server
    (clock, sleeps) = makeClock()
    let settings = try AWSSettings(
      variables: [
        "AWS_ACCESS_KEY_ID": "AKIDEXAMPLE", "AWS_SECRET_ACCESS_KEY": "example",
        "AWS_CONFIG_FILE": "/dev/null", "AWS_SHARED_CREDENTIALS_FILE": "/dev/null",
      ], region: "us-east-1", endpointURL: url)
    let planned = self.planned
    client = try ControlClient(
      settings, clock: clock, plan: dryRun ? { planned.add($0) } : nil)
  }

  deinit { server?.stop() }

  /// The requests that the scripted server received.
  package var requests: [ReceivedHTTPRequest] { server?.requests ?? [] }
}

/// A clock that moves on only when somebody sleeps.
package func makeClock() -> (Clock, sleeps: Recorder<Int64>) {
  let sleeps = Recorder<Int64>()
  // Hours in slices of 200 ms are many: not summed up anew at each look.
  let elapsed = Locked(Int64(0))
  let clock = Clock(
    unixMilliseconds: { 1_700_000_000_000 + elapsed.withLock { $0 } },
    monotonicMilliseconds: { elapsed.withLock { $0 } },
    sleep: { pause in
      elapsed.withLock { $0 += pause }
      sleeps.add(pause)
    })
  return (clock, sleeps)
}
