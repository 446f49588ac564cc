import AWSClient
import HTTPClient
import Platform
import S3
import SageMakerRuntime
import SigV4
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
    environment: [String: String] = [:], deadlineIn milliseconds: Int64 = 60_000
  ) throws -> (count: Int, error: AWSError?) {
    let server = try ScriptedServer(answers)
    defer { server.stop() }
    let aws = try makeAWS(server, environment: environment)
    do throws(AWSError) {
      _ = try aws.send(makeRequest(service), in: makeContext(deadlineIn: milliseconds))
      return (server.requests.count, nil)
    } catch {
      return (server.requests.count, error)
    }
  }

  @Test(arguments: [
    (400, "ThrottlingException"), (429, "ModelNotReadyException"),
    (429, "TooManyRequestsException"), (500, "InternalFailure"), (500, "InternalServerException"),
    (503, "ServiceUnavailable"), (504, "GatewayTimeoutException"), (502, "NeverHeardOfIt"),
    (530, "InternalDependencyException"),
  ])
  func whatSageMakerCallsTransientIsTriedAgain(status: Int, code: String) throws {
    let (count, error) = try tries([json(status, code), Answer(200)])
    #expect(count == 2)
    #expect(error == nil)
  }

  @Test(arguments: [
    (400, "ValidationError", false), (403, "AccessDeniedException", false),
    (403, "ExpiredTokenException", true), (403, "InvalidSignatureException", false),
    (400, "UnrecognizedClientException", false), (418, "NeverHeardOfIt", false),
    (501, "NeverHeardOfIt", true), (505, "NeverHeardOfIt", true),
  ])
  func whatWillNotGetBetterIsNotTriedAgain(
    status: Int, code: String, redeliveryHelps: Bool
  ) throws {
    let (count, error) = try tries([json(status, code)])
    #expect(count == 1)
    #expect(error?.code.rawValue == code)
    #expect(error?.retryCanHelp == redeliveryHelps)
  }

  @Test(arguments: [
    (503, "InferencePredictor has no worker to serve inference request", 2, true),
    (503, #"{\"code\": 503, \"message\": \"Prediction failed\"}"#, 1, false),
    (429, "throttled", 2, true), (502, "<html>nginx</html>", 3, true), (0, "timeout", 1, true),
    (408, "m", 1, true), (504, "m", 1, true), (507, "m", 2, true), (500, "Worker died.", 2, true),
    (500, "Traceback", 1, false), (400, "cannot identify image file", 1, false),
    (415, "m", 1, false),
  ])
  func aModelErrorIsJudgedByTheContainersStatusAndText(
    original: Int, text: String, expected: Int, redeliveryHelps: Bool
  ) throws {
    let body = #"{"Message":"\#(text)","OriginalStatusCode":\#(original),"ErrorCode":"x"}"#
    // Throttling pauses for seconds: two attempts show it as well as three.
    let attempts = expected == 3 ? "3" : expected == 2 && [503, 429].contains(original) ? "2" : "3"
    let (count, error) = try tries(
      [json(424, "ModelError", body)], environment: ["AWS_MAX_ATTEMPTS": attempts],
      deadlineIn: 30_000)
    #expect(count == expected)
    #expect(error?.retryCanHelp == redeliveryHelps)
  }

  @Test func aContainersTimeOutIsTriedAgainOnlyWithAWholeMinuteLeft() throws {
    let body = #"{"Message":"m","OriginalStatusCode":0}"#
    let answers = [json(424, "ModelError", body), Answer(200)]
    #expect(try tries(answers, deadlineIn: 59_000).count == 1)
    #expect(try tries(answers, deadlineIn: 90_000).count == 2)
  }

  @Test(arguments: [
    (503, "SlowDown"), (503, "ServiceUnavailable"), (503, "Busy"), (500, "InternalError"),
    (500, "Internal"), (400, "RequestTimeout"), (400, "ThrottlingException"),
    (503, "RequestLimitExceeded"), (400, "BadDigest"), (403, "RequestTimeTooSkewed"),
  ])
  func whatS3CallsTransientIsTriedAgain(status: Int, code: String) throws {
    let (count, error) = try tries([xml(status, code), Answer(200)], service: .s3)
    #expect(count == 2)
    #expect(error == nil)
  }

  @Test func whatMayBeTheRequestsOwnFaultIsTriedAgainOnce() throws {
    #expect(try tries([xml(400, "BadDigest")], service: .s3).count == 2)
    #expect(try tries([json(530, "InternalDependencyException")]).count == 2)
  }

  @Test(arguments: [
    (404, "NoSuchKey", false), (403, "AccessDenied", false),
    (403, "SignatureDoesNotMatch", false), (400, "ExpiredToken", true),
    (409, "OperationAborted", true), (400, "KMS.DisabledException", false),
    (301, "PermanentRedirect", false), (307, "TemporaryRedirect", true),
  ])
  func whatS3DeniesIsNotTriedAgain(status: Int, code: String, redeliveryHelps: Bool) throws {
    let (count, error) = try tries([xml(status, code)], service: .s3)
    #expect(count == 1)
    #expect(error?.retryCanHelp == redeliveryHelps)
  }

  @Test func expiredCredentialsAreReplacedByOthersOnce() throws {
    let server = try ScriptedServer([xml(400, "ExpiredToken"), xml(400, "ExpiredToken")])
    defer { server.stop() }
    let context = makeContext()
    context.otherCredentials = {
      AWSCredentials(accessKeyID: "AKIDOTHER", secretAccessKey: "s", sessionToken: "t")
    }
    let error = #expect(throws: AWSError.self) {
      try makeAWS(server).send(makeRequest(.s3), in: context)
    }
    #expect(error?.code == .expiredToken)
    let keys = server.requests.map { $0.header("Authorization")?.contains("AKIDOTHER") }
    #expect(keys == [false, true])
  }

  @Test func aTemporaryRedirectIsFollowedOnceWithANewSignature() throws {
    let target = try ScriptedServer([Answer(200, body: "moved")])
    let server = try ScriptedServer([
      Answer(
        307, [("Location", target.baseURL + "/elsewhere")],
        body: "<Error><Code>TemporaryRedirect</Code></Error>")
    ])
    defer {
      server.stop()
      target.stop()
    }
    let response = try makeAWS(server).send(makeRequest(.s3), in: makeContext())
    #expect(response.body == Array("moved".utf8))
    #expect(target.requests.first?.target == "/thing")
    #expect(
      target.requests.first?.header("Authorization")
        != server.requests.first?.header("Authorization"))
  }

  @Test(arguments: ["https://evil.example/thing", "http://bucket.s3.amazonaws.com.evil.example/"])
  func aRedirectToAnotherHostIsNotFollowed(location: String) throws {
    let answer = Answer(
      307, [("Location", location)], body: "<Error><Code>TemporaryRedirect</Code></Error>")
    let (count, error) = try tries([answer], service: .s3)
    #expect(count == 1)
    // Nothing was sent elsewhere either.
    #expect(error?.attempts == 1)
    #expect(error?.code.rawValue == "TemporaryRedirect")
  }

  @Test func aBrokenConnectionIsTriedAgain() throws {
    let (count, error) = try tries([
      .reset, .raw("HTTP/1.1 200 OK\r\nContent-Length: 5\r\n\r\nab"), Answer(200),
    ])
    #expect(count == 3)
    #expect(error == nil)
  }

  @Test(arguments: [(403, 1), (407, 1), (503, 3), (429, 3)])
  func aProxysRefusalIsTriedAgainOnlyWhereThatCanHelp(status: Int, expected: Int) throws {
    let proxy = try ScriptedServer([Answer(status)])
    defer { proxy.stop() }
    let environment = Environment(["AWS_REGION": "us-east-1", "HTTPS_PROXY": proxy.baseURL])
    let aws = AWSClient(
      configuration: try AWSConfiguration(environment: environment),
      http: try HTTPClient(
        trust: TrustStore(primary: .amazonTrustServices),
        proxy: ProxyConfiguration(environment: environment)))
    aws.policy.throttlingBaseMilliseconds = 10
    let error = #expect(throws: AWSError.self) { try aws.send(makeRequest(), in: makeContext()) }
    #expect(error?.attempts == expected)
    #expect(error?.retryCanHelp == (expected > 1))
    #expect(error?.message.contains("the proxy answered \(status) to CONNECT") == true)
  }

  @Test func aProxysHTMLIsJudgedByItsStatus() throws {
    let page = "<html>\n<h1>" + String(repeating: "Bad Gateway ", count: 50) + "</h1></html>"
    let (count, error) = try tries([Answer(502, body: page)])
    #expect(count == 3)
    #expect(error?.status == 502)
    #expect(error?.detail.hasPrefix("Bad Gateway Bad Gateway") == true)
    #expect(try tries([Answer(404, body: page)]).count == 1)
  }

  @Test(arguments: [("1", 1), ("5", 5)])
  func theNumberOfTriesFollowsTheEnvironment(value: String, expected: Int) throws {
    let environment = ["AWS_MAX_ATTEMPTS": value]
    let (count, error) = try tries([json(503, "ServiceUnavailable")], environment: environment)
    #expect(count == expected)
    #expect(error?.message.contains("\(expected) attempts") == (expected > 1))
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
      of: /^Operation thing: TimedOut: no response after \d\.\d\d s, 0\.0(\d) s left/)
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
    #expect(lines.all[0].contains("attempt 1 of 3"))
    #expect(lines.all[0].contains("ThrottlingException"))
  }
}
