import AWSClient
import Platform
import S3
import SageMakerRuntime
import TestSupport
import Testing

@Suite struct RetryTests {
  private typealias Answer = ScriptedServer.Answer

  private func json(_ status: Int, _ code: String, _ body: String = #"{"Message":"m"}"#) -> Answer {
    Answer(status, [("x-amzn-ErrorType", code), ("x-amzn-RequestId", "req-1")], body: body)
  }

  private func xml(_ status: Int, _ code: String) -> Answer {
    Answer(status, body: "<Error><Code>\(code)</Code><Message>m</Message></Error>")
  }

  /// The number of requests that a script of answers leads to, and the error if there was one.
  private func tries(
    _ answers: [Answer], service: AWSService = .sageMakerRuntime,
    environment: [String: String] = [:]
  ) throws -> (count: Int, error: AWSError?) {
    let server = try ScriptedServer(answers)
    defer { server.stop() }
    let aws = try makeAWS(server, environment: environment)
    do throws(AWSError) {
      _ = try aws.send(makeRequest(service), in: makeContext())
      return (server.requests.count, nil)
    } catch {
      return (server.requests.count, error)
    }
  }

  @Test(arguments: [
    (429, "ThrottlingException"), (400, "ThrottlingException"), (429, "ModelNotReadyException"),
    (500, "InternalFailure"), (503, "ServiceUnavailable"), (530, "InternalDependencyException"),
  ])
  func whatSageMakerCallsTransientIsTriedAgain(status: Int, code: String) throws {
    let (count, error) = try tries([json(status, code), Answer(200)])
    #expect(count == 2)
    #expect(error == nil)
  }

  @Test(arguments: [
    (400, "ValidationError"), (403, "AccessDeniedException"), (403, "ExpiredTokenException"),
    (403, "InvalidSignatureException"), (400, "UnrecognizedClientException"),
  ])
  func whatWillNotGetBetterIsNotTriedAgain(status: Int, code: String) throws {
    let (count, error) = try tries([json(status, code)])
    #expect(count == 1)
    #expect(error?.code.rawValue == code)
  }

  @Test(arguments: [(503, 3), (0, 3), (500, 1), (400, 1)])
  func aModelErrorIsTriedAgainOnlyWhenTheContainerIsBusy(original: Int, expected: Int) throws {
    let body = #"{"Message":"m","OriginalStatusCode":\#(original),"ErrorCode":"x"}"#
    #expect(try tries([json(424, "ModelError", body)]).count == expected)
  }

  @Test(arguments: [(503, "SlowDown", 3), (500, "InternalError", 3), (400, "RequestTimeout", 3)])
  func whatS3CallsTransientIsTriedAgain(status: Int, code: String, expected: Int) throws {
    #expect(try tries([xml(status, code)], service: .s3).count == expected)
  }

  @Test(arguments: [(404, "NoSuchKey"), (403, "AccessDenied"), (403, "SignatureDoesNotMatch")])
  func whatS3DeniesIsNotTriedAgain(status: Int, code: String) throws {
    #expect(try tries([xml(status, code)], service: .s3).count == 1)
  }

  @Test func aBrokenConnectionIsTriedAgain() throws {
    let (count, error) = try tries([
      .reset, .raw("HTTP/1.1 200 OK\r\nContent-Length: 5\r\n\r\nab"), Answer(200),
    ])
    #expect(count == 3)
    #expect(error == nil)
  }

  @Test func aProxysHTMLIsJudgedByItsStatus() throws {
    let page = "<html>\n<h1>" + String(repeating: "Bad Gateway ", count: 50) + "</h1></html>"
    let (count, error) = try tries([Answer(502, body: page)])
    #expect(count == 3)
    #expect(error?.status == 502)
    #expect(error?.detail.count == 200)
    #expect(error?.detail.hasPrefix("<html> <h1>Bad Gateway") == true)
    #expect(try tries([Answer(404, body: page)]).count == 1)
  }

  @Test(arguments: [("1", 1), ("5", 5)])
  func theNumberOfTriesFollowsTheEnvironment(value: String, expected: Int) throws {
    let environment = ["AWS_MAX_ATTEMPTS": value]
    let (count, error) = try tries([json(503, "ServiceUnavailable")], environment: environment)
    #expect(count == expected)
    #expect(error?.message.contains("\(expected) tries") == (expected > 1))
  }

  @Test func noTryAndNoWaitGoesBeyondTheDeadline() throws {
    let server = try ScriptedServer([json(503, "ServiceUnavailable")])
    defer { server.stop() }
    // Each answer takes ten of the thirty seconds that there are.
    let clock = Clock(
      unixMilliseconds: {
        Clock.system.unixMilliseconds() + Int64(server.requests.count) * 10_000
      }, monotonicMilliseconds: Clock.system.monotonicMilliseconds)
    let aws = try makeAWS(server, environment: ["AWS_MAX_ATTEMPTS": "100"], clock: clock)
    let error = #expect(throws: AWSError.self) {
      try aws.send(makeRequest(), in: makeContext(deadlineIn: 30_000))
    }
    #expect(server.requests.count == 3)
    #expect(error?.code == .serviceUnavailable)
  }

  @Test func aHangEndsBeforeTheDeadlineAndSaysHowLongItTook() throws {
    let server = try ScriptedServer([.hang])
    defer { server.stop() }
    let aws = try makeAWS(server)
    let error = #expect(throws: AWSError.self) {
      try aws.send(makeRequest(), in: makeContext(deadlineIn: 1_500))
    }
    #expect(error?.code == .timedOut)
    #expect(waitUntil { !server.requests.isEmpty }, "the server reads when it gets round to it")
    #expect(server.requests.count == 1)
    let message = error?.message ?? ""
    // Less is left when the machine is slow, never more.
    let left = message.firstMatch(
      of: /^Operation thing: TimedOut: no answer after \d\.\d\d s, 0\.0(\d) s left/)
    #expect(left.flatMap { Int($0.1) }.map { (0...5).contains($0) } == true, "\(message)")
  }

  @Test func aCallWithoutTimeLeftIsNotSent() throws {
    let server = try ScriptedServer([Answer(200)])
    defer { server.stop() }
    let aws = try makeAWS(server)
    #expect(throws: AWSError.self) {
      try aws.send(makeRequest(), in: makeContext(deadlineIn: 40))
    }
    #expect(server.requests.isEmpty)
  }

  @Test func everyRetryIsLoggedWithItsReason() throws {
    let server = try ScriptedServer([json(429, "ThrottlingException"), Answer(200)])
    defer { server.stop() }
    let lines = Recorder<String>()
    let log = Log(environment: Environment([:])) { lines.add(String(decoding: $0, as: UTF8.self)) }
    _ = try makeAWS(server).send(makeRequest(), in: makeContext(log: log))
    #expect(lines.all.count == 1)
    #expect(lines.all[0].contains("try 1 of 3"))
    #expect(lines.all[0].contains("ThrottlingException"))
  }
}
