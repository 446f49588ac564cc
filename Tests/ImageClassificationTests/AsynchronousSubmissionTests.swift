import Foundation
import JSON
import LambdaEvents
import TestSupport
import Testing

/// The beginning of a JPEG of 96,418 bytes.
private func start(
  _ bytes: [UInt8] = [0xFF, 0xD8, 0xFF, 0xD9], eTag: String = "tag", version: String? = nil,
  size: Int = 96_418
) -> Answer {
  var headers = [("ETag", "\"\(eTag)\""), ("Content-Range", "bytes 0-\(bytes.count - 1)/\(size)")]
  if let version { headers.append(("x-amz-version-id", version)) }
  return Answer(206, headers, bytes: bytes)
}

private func accepted(
  output: String = "s3://photo-outputs/out/1.out", failure: String? = nil
) -> Answer {
  var headers = [("X-Amzn-SageMaker-OutputLocation", output)]
  if let failure { headers.append(("X-Amzn-SageMaker-FailureLocation", failure)) }
  return Answer(202, headers, body: "{}")
}

private let asynchronous = [
  "ENDPOINT_KIND": "asynchronous", "IMAGE_BUCKET": "photos", "IMAGE_PREFIX": "uploads/",
]

/// A record of S3 with an entity tag and a version.
private func record(
  key: String = "uploads/a.jpg", eTag: String? = nil, version: String? = nil,
  sequencer: String? = "0A"
) -> String {
  let members = [("key", key), ("eTag", eTag), ("versionId", version), ("sequencer", sequencer)]
    .compactMap { name, value in value.map { #""\#(name)":"\#($0)""# } }
  return
    #"{"Records":[{"eventSource":"aws:s3","eventName":"ObjectCreated:Put","s3":{"bucket":{"name":"photos"},"#
    + #""object":{\#(members.joined(separator: ","))}}}]}"#
}

@Suite struct AsynchronousSubmissionTests {
  private func fixture(
    s3: [Answer] = [start()], endpoint: [Answer] = [accepted()],
    environment: [String: String] = [:]
  ) throws -> Fixture {
    try Fixture(
      s3: s3, endpoint: endpoint, environment: asynchronous.merging(environment) { $1 })
  }

  @Test func anUploadIsSubmittedByItsLocationAndAnsweredWith202() throws {
    let fixture = try fixture(environment: [
      "ASYNC_REQUEST_TTL_SECONDS": "3600", "ASYNC_INVOCATION_TIMEOUT_SECONDS": "60",
      "CUSTOM_ATTRIBUTES": "trace=a b",
    ])
    defer { fixture.stop() }
    let (status, body) = try fixture.answer(record(key: "uploads/a+b%C3%BC.jpg", eTag: "tag"))
    #expect(status == 202)
    let result = try #require(body["results"]?[0])
    #expect(result["source"]?["key"] == "uploads/a bü.jpg")
    #expect(result["source"]?["eTag"] == "tag" && result["source"]?["sequencer"] == "0A")
    #expect(result["outputLocation"] == "s3://photo-outputs/out/1.out")
    #expect(result["class"] == nil)

    let read = try #require(fixture.s3.requests.first)
    #expect(read.header("Range") == "bytes=0-15")
    #expect(fixture.s3.requests.count == 1)
    let sent = try #require(fixture.endpoint.requests.first { $0.method == "POST" })
    #expect(sent.target == "/endpoints/dog-breeds/async-invocations")
    #expect(sent.body.isEmpty, "no byte of the image passes through the function")
    #expect(sent.header("X-Amzn-SageMaker-InputLocation") == "s3://photos/uploads/a bü.jpg")
    #expect(sent.header("X-Amzn-SageMaker-Content-Type") == "image/jpeg")
    #expect(sent.header("X-Amzn-SageMaker-Accept") == "application/json")
    #expect(sent.header("X-Amzn-SageMaker-Custom-Attributes") == "trace=a b")
    #expect(sent.header("X-Amzn-SageMaker-RequestTTLSeconds") == "3600")
    #expect(sent.header("X-Amzn-SageMaker-InvocationTimeoutSeconds") == "60")
    let id = try #require(sent.header("X-Amzn-SageMaker-Inference-Id"))
    #expect(result["inferenceId"]?.stringValue == id && id.hasPrefix("0A-"))
    let path = try #require(sent.header("X-Amzn-SageMaker-S3OutputPathExtension"))
    #expect(
      InferenceTrace(outputKey: "out/\(path)/1.out")?.object
        == S3ObjectReference(
          bucket: "photos", key: "uploads/a bü.jpg", eTag: "tag", sequencer: "0A"))
  }

  @Test func withoutSettingsNeitherTimeIsSent() throws {
    let fixture = try fixture()
    defer { fixture.stop() }
    _ = try fixture.answer(record())
    let sent = try #require(fixture.endpoint.requests.first)
    #expect(sent.header("X-Amzn-SageMaker-RequestTTLSeconds") == nil)
    #expect(sent.header("X-Amzn-SageMaker-InvocationTimeoutSeconds") == nil)
  }

  @Test(arguments: [
    ([0x89, 0x50, 0x4E, 0x47, 0x0D, 0x0A, 0x1A, 0x0A], [:], "image/png"),
    ([0x52, 0x49, 0x46, 0x46, 1, 2, 3, 4, 0x57, 0x45, 0x42, 0x50], [:], "image/webp"),
    ([1, 2, 3], [:], "application/x-image"),
    ([0xFF, 0xD8, 0xFF], ["ENDPOINT_CONTENT_TYPE": "application/x-image"], "application/x-image"),
    (
      [0xFF, 0xD8, 0xFF], ["ENDPOINT_REQUEST": "triton-binary"],
      "application/vnd.sagemaker-triton.binary+json;json-header-size=0"
    ),
  ])
  func theFirstBytesDecideTheContentType(
    bytes: [UInt8], environment: [String: String], type: String
  ) throws {
    let fixture = try fixture(s3: [start(bytes)], environment: environment)
    defer { fixture.stop() }
    _ = try fixture.answer(record())
    #expect(fixture.endpoint.requests.first?.header("X-Amzn-SageMaker-Content-Type") == type)
  }

  @Test func aConsoleRequestIsAnsweredWith202AndItsID() throws {
    let fixture = try fixture()
    defer { fixture.stop() }
    let (status, body) = try fixture.answer(#"{"key":"uploads/a.jpg"}"#)
    #expect(status == 202)
    #expect(body["results"]?[0]?["inferenceId"]?.stringValue?.hasPrefix("rrequest-1-") == true)
  }

  @Test func anImageInAnHTTPRequestIsSubmittedInTheBody() throws {
    let fixture = try fixture()
    defer { fixture.stop() }
    let image = Data([0xFF, 0xD8, 0xFF, 0xD9]).base64EncodedString()
    let event =
      #"{"version":"2.0","rawPath":"/","headers":{"content-type":"image/jpeg"},"requestContext":"#
      + #"{"http":{"method":"POST","path":"/"}},"isBase64Encoded":true,"body":"\#(image)"}"#
    let (status, body) = try fixture.answer(event)
    #expect(status == 202)
    #expect(body["results"]?[0]?["inferenceId"] == "rrequest-1")
    let sent = try #require(fixture.endpoint.requests.first)
    #expect(sent.body == [0xFF, 0xD8, 0xFF, 0xD9])
    #expect(sent.header("X-Amzn-SageMaker-InputLocation") == nil)
    #expect(sent.header("X-Amzn-SageMaker-Content-Type") == "image/jpeg")
    #expect(fixture.s3.requests.isEmpty)
  }

  @Test func anImageInAnHTTPRequestIsRefusedAbove128000Bytes() throws {
    let fixture = try fixture()
    defer { fixture.stop() }
    let image = Data([UInt8](repeating: 0xFF, count: 128_001)).base64EncodedString()
    let event =
      #"{"version":"2.0","rawPath":"/","headers":{"content-type":"image/jpeg"},"requestContext":"#
      + #"{"http":{"method":"POST","path":"/"}},"isBase64Encoded":true,"body":"\#(image)"}"#
    let (status, body) = try fixture.answer(event)
    #expect(status == 413)
    #expect(
      body["error"]?["message"]?.stringValue?.contains(
        "An asynchronous endpoint accepts at most 128000 bytes in a request; upload") == true)
    #expect(fixture.endpoint.requests.isEmpty)
  }

  @Test func aTaskOfABatchJobSucceedsOnAcceptance() throws {
    let fixture = try fixture()
    defer { fixture.stop() }
    let event =
      #"{"invocationSchemaVersion":"2.0","invocationId":"i","tasks":[{"taskId":"t","s3Key":"uploads/a.jpg","s3Bucket":"photos"}]}"#
    guard case .answer(let answer) = fixture.say(event) else { throw Fixture.Unexpected() }
    #expect(answer["results"]?[0]?["resultCode"] == "Succeeded")
    #expect(answer["results"]?[0]?["resultString"]?.stringValue?.hasPrefix("accepted as r") == true)
  }

  @Test func anAcceptedImageIsLoggedAndCountedOnce() throws {
    let fixture = try fixture()
    defer { fixture.stop() }
    _ = try fixture.answer(record())
    let lines = fixture.lines.all
    #expect(lines.contains { $0.contains("s3://photos/uploads/a.jpg: accepted as 0A-") })
    let metrics = try #require(lines.first { $0.contains("CloudWatchMetrics") })
    let line = try JSONValue(parsing: metrics)
    #expect(line["Images"] == 1 && line["Accepted"] == 1 && line["Failures"] == 0)
    #expect(line["EndpointMilliseconds"] == nil)
  }

  @Test(arguments: [
    (Answer(416, body: "<Error><Code>InvalidRange</Code></Error>"), "Image.Empty"),
    (Answer(404, body: "<Error><Code>NoSuchKey</Code></Error>"), "S3.NoSuchKey"),
    (start(size: 1_073_741_825), "Image.TooLarge"),
    (
      start([0, 0, 0, 24, 0x66, 0x74, 0x79, 0x70, 0x68, 0x65, 0x69, 0x63]),
      "Image.UnsupportedFormat"
    ),
  ])
  func whatCannotBeClassifiedIsNotSubmitted(answer: Answer, type: String) throws {
    let fixture = try fixture(s3: [answer])
    defer { fixture.stop() }
    #expect(try fixture.failure(record()).errorType == type)
    #expect(fixture.endpoint.requests.isEmpty)
  }

  @Test(arguments: ["uploads/a%0Ab.jpg", "uploads/a.jpg+", "uploads/a%7F.jpg"])
  func aKeyThatCannotTravelInAHeaderIsRefusedByName(key: String) throws {
    let fixture = try fixture()
    defer { fixture.stop() }
    let error = try fixture.failure(record(key: key))
    #expect(error.errorType == "Image.UnusableKey")
    #expect(fixture.endpoint.requests.isEmpty && fixture.s3.requests.isEmpty)
  }

  @Test func aLocationAbove1024BytesIsRefused() throws {
    let fixture = try fixture()
    defer { fixture.stop() }
    let error = try fixture.failure(record(key: String(repeating: "k", count: 1_013)))
    #expect(error.message.contains("has 1025 bytes; InvokeEndpointAsync accepts at most 1024"))
  }

  @Test func anObjectThatWasOverwrittenAfterItsEventIsSubmittedAsItIsNow() throws {
    let fixture = try fixture(s3: [start(eTag: "newer")])
    defer { fixture.stop() }
    let (_, body) = try fixture.answer(record(eTag: "older"))
    #expect(body["results"]?[0]?["source"]?["eTag"] == "newer")
    #expect(fixture.lines.all.contains { $0.contains("was overwritten after its event") })
  }

  @Test func aVersionThatIsNotTheLatestIsLeftToTheNewerEvent() throws {
    let fixture = try fixture(s3: [start(version: "v2")])
    defer { fixture.stop() }
    let (status, body) = try fixture.answer(record(version: "v1"))
    #expect(status == 200 && body["results"] == [])
    #expect(fixture.endpoint.requests.isEmpty)
    #expect(fixture.lines.all.contains { $0.contains("version v1 is not the latest") })
  }

  @Test func aRequestForAVersionThatIsNotTheLatestIsRefused() throws {
    let fixture = try fixture(s3: [start(version: "v2")])
    defer { fixture.stop() }
    let (status, body) = try fixture.answer(
      #"{"bucket":"photos","key":"uploads/a.jpg","versionId":"v1"}"#)
    #expect(status == 409)
    #expect(body["error"]?["type"] == "Image.NotLatestVersion")
  }

  @Test func throttlingIsTemporaryForARedelivery() throws {
    let busy = Answer(
      400, [("x-amzn-ErrorType", "ThrottlingException")], body: #"{"message":null}"#)
    let fixture = try fixture(endpoint: [busy], environment: ["AWS_MAX_ATTEMPTS": "1"])
    defer { fixture.stop() }
    #expect(try fixture.failure(record()).message.hasSuffix("[a retry may help]"))
  }

  // Loops.

  @Test(arguments: [
    accepted(output: "s3://photos/uploads/out/1.out"),
    accepted(output: "https://photos.s3.us-east-1.amazonaws.com/uploads/1.out"),
    accepted(failure: "s3://photos/uploads/failures/1-error.out"),
  ])
  func anEndpointThatWritesAmongTheImagesFailsTheUpload(answer: Answer) throws {
    let fixture = try fixture(endpoint: [answer])
    defer { fixture.stop() }
    let error = try fixture.failure(record())
    #expect(error.errorType == "Endpoint.OutputAmongImages")
    #expect(error.message.contains("under the location of the images, s3://photos/uploads/"))
    #expect(error.message.hasSuffix("[a retry will not help]"))
    #expect(fixture.endpoint.requests.count == 1)
  }

  @Test func anEndpointThatWritesBesideTheImagesIsAccepted() throws {
    let fixture = try fixture(endpoint: [
      accepted(output: "s3://photos/out/1.out", failure: "s3://photos/failures/1-error.out")
    ])
    defer { fixture.stop() }
    #expect(try fixture.answer(record()).status == 202)
  }

  /// Whatever triggers the function with it, with the paths in the configuration or without.
  @Test(arguments: [
    ("out/1", ["ASYNC_OUTPUT_PATH": "s3://photos/out"]),
    ("failures/1", ["ASYNC_FAILURE_PATH": "s3://photos/failures"]), ("uploads/1.out", [:]),
    ("uploads/1-error.out", [:]),
  ])
  func anOutputIsNeverSubmitted(key: String, environment: [String: String]) throws {
    let fixture = try fixture(environment: environment)
    defer { fixture.stop() }
    _ = fixture.say(record(key: key))
    let (status, body) = try fixture.answer(#"{"key":"\#(key)"}"#)
    #expect(status == 400)
    #expect(body["error"]?["type"] == "Image.EndpointOutput")
    #expect(fixture.endpoint.requests.isEmpty)
  }
}
