import Foundation
import HTTPClient
import JSON
import LocalAWS
import LoopbackServer
import SigV4
import TestSupport
import Testing

private func errorType(_ response: HTTPResponse) -> String {
  String((response.headers["x-amzn-ErrorType"] ?? "").prefix { $0 != ":" })
}

@Suite struct SageMakerTests {
  @Test func theContainersAnswerComesBack() throws {
    let response = try LocalAWSFixture().invoke()
    #expect(response.status == 200)
    #expect(text(response) == "[[-1, 2]]")
    #expect(response.headers["Content-Type"] == "application/json")
    #expect(response.headers["x-Amzn-Invoked-Production-Variant"] == "AllTraffic")
    #expect(response.headers["x-amzn-RequestId"]?.count == 36)
  }

  @Test func anUnknownEndpointIsAValidationError() throws {
    let response = try LocalAWSFixture().invoke(endpoint: "other")
    #expect(response.status == 400)
    #expect(errorType(response) == "ValidationError")
    #expect(
      try JSONValue(parsing: response.body)["Message"]
        == "Endpoint other of account 123456789012 not found.")
  }

  @Test(arguments: [
    ("X-Amzn-SageMaker-Target-Variant", "Blue", 400),
    ("X-Amzn-SageMaker-Target-Variant", "AllTraffic", 200),
  ])
  func onlyTheOneVariantExists(header: String, value: String, status: Int) throws {
    #expect(try LocalAWSFixture().invoke(headers: [(header, value)]).status == status)
  }

  @Test(arguments: [(6_291_456, 200), (6_291_457, 413)])
  func aPayloadMayHold6MiB(size: Int, status: Int) throws {
    #expect(try LocalAWSFixture().invoke(body: [UInt8](repeating: 0, count: size)).status == status)
  }

  @Test func aFailingContainerIsAModelErrorInAWSsWords() throws {
    let model = FixedReplyModel(.text(500, "boom \"x\""))
    let response = try LocalAWSFixture(model: model).invoke()
    #expect(response.status == 424)
    #expect(errorType(response) == "ModelError")
    let body = try JSONValue(parsing: response.body)
    #expect(
      body["Message"]?.stringValue
        == "Received server error (500) from primary with message \"boom \"x\"\". See "
        + "https://us-east-1.console.aws.amazon.com/cloudwatch/home?region=us-east-1#logEventViewer:group="
        + "/aws/sagemaker/Endpoints/dog-breeds in account 123456789012 for more information.")
    #expect(body["OriginalStatusCode"] == 500)
    #expect(body["OriginalMessage"] == "boom \"x\"")
    #expect(
      body["LogStreamArn"]
        == "arn:aws:logs:us-east-1:123456789012:log-group:/aws/sagemaker/Endpoints/dog-breeds")
  }

  @Test func aContainersClientErrorIsNamedSo() throws {
    let response = try LocalAWSFixture(model: FixedReplyModel(.text(415, "no"))).invoke()
    #expect(response.status == 424)
    #expect(
      try JSONValue(parsing: response.body)["Message"]?.stringValue?.hasPrefix(
        "Received client error (415)") == true)
  }

  @Test func aContainerThatCannotBeReachedHasStatus0() throws {
    let response = try LocalAWSFixture(model: ContainerProxy(url: "http://127.0.0.1:1")).invoke()
    #expect(response.status == 424)
    #expect(try JSONValue(parsing: response.body)["OriginalStatusCode"] == 0)
  }

  @Test func repliesComeInOrderAndTheLastForEver() throws {
    let model = FixedReplyModel(.text(503, ""), .text(200, "ok"))
    let fixture = try LocalAWSFixture(model: model)
    #expect(try (0..<3).map { _ in try fixture.invoke().status } == [424, 200, 200])
    #expect(model.requestCount == 3)
  }

  @Test func otherCallsAreUnknownOperations() throws {
    let fixture = try LocalAWSFixture()
    for (method, path) in [
      ("GET", "/endpoints/dog-breeds/invocations"), ("POST", "/endpoints/dog-breeds"), ("GET", "/"),
    ] {
      let response = try fixture.plain(method, fixture.aws.sageMakerBaseURL + path)
      #expect(response.status == 404)
      #expect(errorType(response) == "UnknownOperationException")
    }
  }

  @Test func aContainerGetsWhatTheClientSent() throws {
    let seen = Recorder<ReceivedHTTPRequest>()
    let container = try LoopbackServer { request, connection in
      seen.add(request)
      try connection.send(
        status: 200,
        headers: [("Content-Type", "text/csv"), ("X-Amzn-SageMaker-Custom-Attributes", "back")],
        body: Array("1,2".utf8))
    }
    defer { container.stop() }
    let fixture = try LocalAWSFixture(model: ContainerProxy(url: "\(container.baseURL)/"))
    let response = try fixture.invoke(
      body: [9, 8],
      headers: [
        ("Content-Type", "image/png"), ("Accept", "text/csv"),
        ("X-Amzn-SageMaker-Custom-Attributes", "there"),
      ])
    #expect(text(response) == "1,2")
    #expect(response.headers["Content-Type"] == "text/csv")
    #expect(response.headers["X-Amzn-SageMaker-Custom-Attributes"] == "back")
    let request = try #require(seen.all.first)
    #expect(request.method == "POST")
    #expect(request.target == "/invocations")
    #expect(request.body == [9, 8])
    #expect(request.header("Content-Type") == "image/png")
    #expect(request.header("Accept") == "text/csv")
    #expect(request.header("X-Amzn-SageMaker-Custom-Attributes") == "there")
    #expect(request.header("Authorization") == nil)
  }
}

@Suite struct SageMakerSignatureTests {
  @Test func aChangedBodyIsRefused() throws {
    let response = try LocalAWSFixture().invoke(body: [1, 2], sending: [1, 3])
    #expect(response.status == 403)
    #expect(errorType(response) == "InvalidSignatureException")
  }

  @Test func aWrongSecretIsRefusedBeforeTheModelIsAsked() throws {
    let model = FixedReplyModel(json: "[]")
    let response = try LocalAWSFixture(model: model).invoke(
      signedBy: AWSCredentials(
        accessKeyID: credentials.accessKeyID, secretAccessKey: "other",
        sessionToken: credentials.sessionToken))
    #expect(response.status == 403)
    #expect(errorType(response) == "InvalidSignatureException")
    #expect(model.requestCount == 0)
  }

  @Test func aMissingOrWrongSessionTokenIsRefused() throws {
    let response = try LocalAWSFixture().invoke(
      signedBy: AWSCredentials(accessKeyID: credentials.accessKeyID, secretAccessKey: "secret"))
    #expect(response.status == 403)
    #expect(errorType(response) == "UnrecognizedClientException")
  }

  // The verifier's clock is ahead of the signature by the time that the request takes.
  @Test(arguments: [-901, 1_500] as [Int64])
  func aDateOffByMoreThan15MinutesIsRefused(offset: Int64) throws {
    let response = try LocalAWSFixture().invoke(at: now(offsetSeconds: offset))
    #expect(response.status == 403)
    #expect(errorType(response) == "InvalidSignatureException")
  }

  @Test func noSignatureIsAMissingToken() throws {
    let fixture = try LocalAWSFixture()
    let response = try fixture.plain(
      "POST", "\(fixture.aws.sageMakerBaseURL)/endpoints/dog-breeds/invocations")
    #expect(response.status == 403)
    #expect(errorType(response) == "MissingAuthenticationTokenException")
  }
}
