import AWSClient
import AWSControl
import Credentials
import HTTPClient
import Platform
import SigV4
import TestSupport

/// A client whose calls go to a scripted server and whose waits take no time.
final class ControlFixture {
  let server: ScriptedServer
  let client: ControlClient
  /// Every wait, in milliseconds.
  let sleeps: Recorder<Int64>
  /// What was planned instead of written.
  let planned = Recorder<PlannedWrite>()

  init(_ answers: [ScriptedServer.Answer], dryRun: Bool = false) throws {
    server = try ScriptedServer(answers)
    let (clock, sleeps) = makeClock()
    self.sleeps = sleeps
    let settings = try AWSSettings(
      variables: [
        "AWS_ACCESS_KEY_ID": "AKIDEXAMPLE", "AWS_SECRET_ACCESS_KEY": "example",
        "AWS_CONFIG_FILE": "/dev/null", "AWS_SHARED_CREDENTIALS_FILE": "/dev/null",
      ], region: "us-east-1", endpointURL: server.baseURL)
    let planned = self.planned
    client = try ControlClient(
      settings, clock: clock, plan: dryRun ? { planned.add($0) } : nil)
  }

  deinit { server.stop() }
}

/// A clock that moves on only when somebody sleeps.
func makeClock() -> (Clock, sleeps: Recorder<Int64>) {
  let sleeps = Recorder<Int64>()
  let clock = Clock(
    unixMilliseconds: { 1_700_000_000_000 + sleeps.all.reduce(0, +) },
    monotonicMilliseconds: { sleeps.all.reduce(0, +) }, sleep: { sleeps.add($0) })
  return (clock, sleeps)
}
