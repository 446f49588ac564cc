import AWSClient
import AWSControl
import Credentials
import HTTPClient
import OperationsSupport
import Platform
import SigV4
import TestSupport
import Testing

@Suite struct RenewalTests {
  @Test func keysAreRenewedWhileSomethingIsWaitedFor() throws {
    let server = try ScriptedServer([.init(200, body: #"{"QueueUrl":"u"}"#)])
    let (clock, _) = makeClock()
    let client = ControlClient(
      configuration: try AWSConfiguration(
        environment: Environment(["AWS_REGION": "us-east-1", "AWS_ENDPOINT_URL": server.baseURL])),
      http: try HTTPClient(trust: TrustStore(environment: Environment([:])), proxy: .direct),
      credentials: CredentialProvider(chain: [HourlyKeys(clock: clock)], clock: clock),
      clock: clock)
    let waiter = Waiter(
      clock: clock, intervalMilliseconds: 50 * 60_000, limitMilliseconds: 86_400_000)
    var looks = 0
    try waiter.wait(for: "the queue") { () -> Waiter.Look<Void> in
      _ = try client.read(GetQueueUrl(queueName: "q"))
      looks += 1
      return looks < 3 ? .pending("not yet") : .done(())
    }
    let keys = server.requests.map {
      $0.header("Authorization")?.split(separator: "=")[1].prefix { $0 != "/" } ?? ""
    }
    #expect(keys == ["AKID0", "AKID0", "AKID100"])
  }
}

/// Keys for an hour, named after the minute in which they were given.
private struct HourlyKeys: CredentialSource {
  let clock: Clock

  func load() throws(CredentialError) -> ResolvedCredentials? {
    let minute = clock.monotonicMilliseconds() / 60_000
    return ResolvedCredentials(
      credentials: AWSCredentials(accessKeyID: "AKID\(minute)", secretAccessKey: "s"),
      expirationUnixMilliseconds: clock.unixMilliseconds() + 3_600_000, place: .process,
      origin: "a test")
  }
}
