import ImageClassification
import JSON
import Platform
import TestSupport
import Testing

@Suite struct EndpointKindTests {
  private static let required = [
    "ENDPOINT_NAME": "dog-breeds", "AWS_REGION": "us-east-1", "IMAGE_BUCKET": "photos",
    "IMAGE_PREFIX": "uploads/",
  ]

  private func problem(_ environment: [String: String]) -> String? {
    let error = #expect(throws: ConfigurationError.self) {
      try ImageClassifier(environment: Environment(Self.required.merging(environment) { $1 }))
    }
    return error?.message
  }

  @Test func anUnknownKindIsRefusedWithTheThree() {
    #expect(
      problem(["ENDPOINT_KIND": "async"])
        == "ENDPOINT_KIND is async; it must be realtime, serverless, or asynchronous")
  }

  @Test(arguments: [
    ("ENDPOINT_VARIANT", "blue"), ("INFERENCE_COMPONENT", "c"), ("TARGET_MODEL", "m.tar.gz"),
    ("INPUT_MODE", "presigned-url"), ("ENDPOINT_REQUEST", "tensorflow-b64"),
    ("ASYNC_REQUEST_TTL_SECONDS", "59"), ("ASYNC_REQUEST_TTL_SECONDS", "21601"),
    ("ASYNC_INVOCATION_TIMEOUT_SECONDS", "0"), ("ASYNC_INVOCATION_TIMEOUT_SECONDS", "3601"),
    ("ASYNC_OUTPUT_PATH", "out"), ("ASYNC_OUTPUT_PATH", "s3:///out"),
    ("ASYNC_FAILURE_PATH", "https://b.s3.us-east-1.amazonaws.com/out"),
    ("MAX_IMAGE_BYTES", "1073741825"),
  ])
  func whatAnAsynchronousEndpointCannotDoIsRefusedAtTheStart(variable: String, value: String) {
    #expect(
      problem(["ENDPOINT_KIND": "asynchronous", variable: value])?.hasPrefix(variable) == true)
  }

  /// Each would be taken for the other, and an output for an image, without end.
  @Test(arguments: [
    ["ASYNC_OUTPUT_PATH": "s3://photos/uploads/out"], ["ASYNC_OUTPUT_PATH": "s3://photos/uploads"],
    ["ASYNC_OUTPUT_PATH": "s3://photos"], ["ASYNC_OUTPUT_PATH": "s3://photos/"],
    ["ASYNC_FAILURE_PATH": "s3://photos/uploads/failures/"],
    ["ASYNC_OUTPUT_PATH": "s3://other/out", "ASYNC_FAILURE_PATH": "s3://photos"],
    ["ASYNC_OUTPUT_PATH": "s3://other/out", "ASYNC_FAILURE_PATH": "s3://other/out/failures"],
    [
      "ASYNC_OUTPUT_PATH": "s3://other/results/out", "RESULT_BUCKET": "other",
      "RESULT_PREFIX": "results",
    ],
    ["ASYNC_FAILURE_PATH": "s3://other/failures", "RESULT_BUCKET": "other"],
  ])
  func locationsThatOverlapAreRefused(environment: [String: String]) {
    let problem = problem(environment.merging(["ENDPOINT_KIND": "asynchronous"]) { $1 })
    #expect(problem?.contains("overlaps the location of") == true)
  }

  @Test(arguments: [
    ["ASYNC_OUTPUT_PATH": "s3://photos/out", "ASYNC_FAILURE_PATH": "s3://photos/failures"],
    ["ASYNC_OUTPUT_PATH": "s3://photos/upload"],
    [
      "ASYNC_OUTPUT_PATH": "s3://other/out", "RESULT_BUCKET": "other", "RESULT_PREFIX": "results",
      "ASYNC_REQUEST_TTL_SECONDS": "60", "ASYNC_INVOCATION_TIMEOUT_SECONDS": "3600",
    ],
    ["MAX_IMAGE_BYTES": "1073741824", "ENDPOINT_REQUEST": "triton-binary"],
  ])
  func separateLocationsAreAccepted(environment: [String: String]) throws {
    let values = Self.required.merging(environment) { $1 }
    _ = try ImageClassifier(
      environment: Environment(values.merging(["ENDPOINT_KIND": "asynchronous"]) { $1 }))
    // The same settings, left in place, do not keep another kind from starting.
    if values["MAX_IMAGE_BYTES"] == nil {
      _ = try ImageClassifier(environment: Environment(values))
    }
  }

  @Test func aServerlessEndpointHasItsOwnLargestImage() throws {
    #expect(
      problem(["ENDPOINT_KIND": "serverless", "MAX_IMAGE_BYTES": "6291456"])
        == "MAX_IMAGE_BYTES is 6291456. A serverless endpoint accepts at most 4194304 bytes (4 MB), "
        + "and replies with at most as many")
    _ = try ImageClassifier(
      environment: Environment(
        Self.required.merging([
          "ENDPOINT_KIND": "serverless", "MAX_IMAGE_BYTES": "4194304",
        ]) { $1 }))
  }
}

@Suite struct ServerlessTests {
  private static let serverless = ["ENDPOINT_KIND": "serverless", "AWS_MAX_ATTEMPTS": "1"]

  @Test func anObjectOver4MBIsRefusedByItsLengthBeforeTheCall() throws {
    let large = Answer.raw("HTTP/1.1 200 OK\r\nContent-Length: 4194305\r\n\r\n")
    let fixture = try Fixture(s3: [large], environment: Self.serverless)
    defer { fixture.stop() }
    let (status, body) = try fixture.answer(consoleRequest)
    #expect(status == 413)
    #expect(
      body["error"]?["message"]?.stringValue?.contains("A serverless endpoint accepts at most")
        == true)
    #expect(fixture.endpoint.requests.isEmpty)
  }

  /// Base64 makes more of it.
  @Test func aRequestThatOutgrowsItsImageIsRefusedBeforeTheCall() throws {
    let image = Answer(200, bytes: [0xFF, 0xD8, 0xFF] + [UInt8](repeating: 7, count: 3_200_000))
    let environment = Self.serverless.merging(["ENDPOINT_REQUEST": "tensorflow-b64"]) { $1 }
    let fixture = try Fixture(s3: [image], environment: environment)
    defer { fixture.stop() }
    let error = try fixture.failure(notification("a.jpg"))
    #expect(error.errorType == "Image.TooLarge")
    #expect(error.message.contains("A serverless endpoint accepts at most 4194304 bytes"))
    #expect(fixture.endpoint.requests.isEmpty)
  }

  @Test func anUploadOver4MBIsRefusedWithTheKindsName() throws {
    let body = String(repeating: "A", count: 5_600_000)
    let event =
      #"{"version":"2.0","rawPath":"/","headers":{"content-type":"image/jpeg"},"requestContext":"#
      + #"{"http":{"method":"POST","path":"/"}},"isBase64Encoded":true,"body":"\#(body)"}"#
    let fixture = try Fixture(environment: Self.serverless)
    defer { fixture.stop() }
    let (status, answer) = try fixture.answer(event)
    #expect(status == 413)
    #expect(answer["error"]?["message"]?.stringValue?.contains("serverless") == true)
    #expect(fixture.endpoint.requests.isEmpty)
  }

  @Test func aReplyOver4MBIsRefusedWithTheKindsName() throws {
    let large = Answer.raw("HTTP/1.1 200 OK\r\nContent-Length: 4194305\r\n\r\n")
    let fixture = try Fixture(endpoint: [large], environment: Self.serverless)
    defer { fixture.stop() }
    let error = try fixture.failure(notification("a.jpg"))
    #expect(error.errorType == "SageMaker.BodyTooLarge")
    #expect(
      error.message.contains(
        "A serverless endpoint accepts at most 4194304 bytes (4 MB), and replies"))
  }

  @Test func aRealTimeEndpointMayReplyWithMore() throws {
    let reply = Answer(200, body: "[[1.5, 3.5, -2.5]]" + String(repeating: " ", count: 4_300_000))
    let fixture = try Fixture(endpoint: [reply])
    defer { fixture.stop() }
    #expect(try fixture.answer(notification("a.jpg")).status == 200)
  }

  /// An instance's form of it, without a message, and a serverless endpoint's whose resources are being provisioned.
  @Test(arguments: [
    (400, "ThrottlingException", #"{"message":null}"#),
    (429, "ModelNotReadyException", #"{"Message":"The model is not ready"}"#),
  ])
  func throttlingIsRetriedWithinTheDeadlineAndIsTemporaryForARedelivery(
    status: Int, code: String, body: String
  ) throws {
    let busy = Answer(status, [("x-amzn-ErrorType", code)], body: body)
    let environment = ["ENDPOINT_KIND": "serverless", "AWS_MAX_ATTEMPTS": "2"]
    let recovering = try Fixture(endpoint: [busy, Fixture.threeValues], environment: environment)
    defer { recovering.stop() }
    #expect(try recovering.answer(notification("a.jpg"), deadlineIn: 300_000).status == 200)
    #expect(recovering.endpoint.requests.count == 2)

    let fixture = try Fixture(endpoint: [busy], environment: Self.serverless)
    defer { fixture.stop() }
    let error = try fixture.failure(notification("a.jpg"))
    #expect(error.errorType == "SageMaker.\(code)")
    #expect(error.message.hasSuffix("[a retry may help]"))
  }

  @Test func aComponentAtZeroIsTemporaryForARedelivery() throws {
    let message =
      "Inference Component has no capacity to process this request. ApplicationAutoScaling may be "
      + "in-progress (if configured) or try to increase the capacity by invoking "
      + "UpdateInferenceComponentRuntimeConfig API."
    let answer = Answer(
      400, [("x-amzn-ErrorType", "ValidationError")], body: #"{"Message":"\#(message)"}"#)
    let fixture = try Fixture(endpoint: [answer], environment: ["INFERENCE_COMPONENT": "dogs"])
    defer { fixture.stop() }
    let error = try fixture.failure(notification("a.jpg"))
    #expect(error.message.hasSuffix("[a retry may help]"))
    #expect(fixture.endpoint.requests.count == 1, "a retry within the invocation comes too early")
  }

  @Test func theFirstInvocationWarnsWhenAColdCallMayTakeLonger() throws {
    let fixture = try Fixture(environment: Self.serverless)
    defer { fixture.stop() }
    _ = try fixture.answer(notification("a.jpg"), deadlineIn: 60_000)
    _ = try fixture.answer(notification("a.jpg"), deadlineIn: 60_000)
    let warnings = fixture.lines.all.filter {
      $0.contains("Set the function's timeout to 300 s or more")
    }
    #expect(warnings.count == 1)
    #expect(warnings.first?.contains("WARN") == true)
  }

  @Test(arguments: [("serverless", Int64(300_000)), ("realtime", 60_000)])
  func thereIsNoWarningWhereTheDeadlineSuffices(kind: String, milliseconds: Int64) throws {
    let fixture = try Fixture(environment: ["ENDPOINT_KIND": kind])
    defer { fixture.stop() }
    _ = try fixture.answer(notification("a.jpg"), deadlineIn: milliseconds)
    #expect(!fixture.lines.all.contains { $0.contains("timeout") })
  }
}
