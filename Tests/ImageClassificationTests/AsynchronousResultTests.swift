import Foundation
import JSON
import TestSupport
import Testing

private let environment = [
  "ENDPOINT_KIND": "asynchronous", "IMAGE_BUCKET": "photos", "IMAGE_PREFIX": "uploads/",
  "ASYNC_OUTPUT_PATH": "s3://\(AsynchronousAWS.outputBucket)/out",
  "ASYNC_FAILURE_PATH": "s3://\(AsynchronousAWS.outputBucket)/failures",
  "RESULT_BUCKET": "results", "AWS_MAX_ATTEMPTS": "1",
]

/// One upload on its way through the function, the endpoint, and the function again.
private struct Upload {
  let aws: AsynchronousAWS
  let fixture: Fixture
  let key: String

  init(_ more: [String: String] = [:], key: String = "uploads/a.jpg") throws {
    aws = try AsynchronousAWS()
    self.key = key
    fixture = try Fixture(
      environment: environment.merging([
        "AWS_ENDPOINT_URL_S3": aws.baseURL, "AWS_ENDPOINT_URL_SAGEMAKER_RUNTIME": aws.baseURL,
      ]) { $1 }.merging(more) { $1 })
    aws.put([0xFF, 0xD8, 0xFF, 1], bucket: "photos", key: key)
  }

  func stop() {
    fixture.stop()
    aws.stop()
  }

  /// Submits it and has it answered.
  func inference(
    sequencer: String = "0A", reply: String = "[[1.5, 3.5, -2.5]]"
  ) throws -> AsynchronousAWS.Inference {
    let event =
      #"{"Records":[{"eventSource":"aws:s3","eventName":"ObjectCreated:Put","s3":{"bucket":"#
      + #"{"name":"photos"},"object":{"key":"\#(key)","sequencer":"\#(sequencer)"}}}]}"#
    #expect(try fixture.answer(event).status == 202)
    let inference = try #require(aws.takeQueue().first)
    return aws.process(inference) { _ in Array(reply.utf8) }
  }

  func document() throws -> JSONValue {
    let object = try #require(aws.object(bucket: "results", key: "photos/\(key).json"))
    return try JSONValue(parsing: object.bytes)
  }

  /// The error of an SNS event.
  func failure(_ message: String) throws -> String {
    let error = try fixture.failure(AsynchronousAWS.Inference.snsEvent(message))
    return "\(error.errorType): \(error.message)"
  }
}

@Suite struct AsynchronousResultTests {
  @Test func aMessageWithTheReplyBecomesTheUsualDocument() throws {
    let upload = try Upload()
    defer { upload.stop() }
    let inference = try upload.inference()
    let (status, body) = try upload.fixture.answer(
      AsynchronousAWS.Inference.snsEvent(inference.message()))
    #expect(status == 200)
    #expect(body["results"]?[0]?["probabilities"]?.arrayValue?.count == 3)
    let document = try upload.document()
    #expect(document["endpoint"] == "dog-breeds" && document["requestId"] == "request-1")
    let source = document["source"]
    #expect(source?["bucket"] == "photos" && source?["key"] == "uploads/a.jpg")
    #expect(source?["sequencer"] == "0A" && source?["overwritten"] == nil)
    #expect(
      source?["eTag"]?.stringValue == upload.aws.object(bucket: "photos", key: upload.key)?.eTag)
    #expect(document["class"] == body["results"]?[0]?["class"])
    #expect(document["endpointMilliseconds"] == nil, "the calls were another invocation's")
  }

  /// By whichever of the ways it comes.
  @Test(arguments: ["without reply", "queue", "queue, raw", "S3"])
  func everyDeliveryEndsWithTheSameDocument(way: String) throws {
    let upload = try Upload()
    defer { upload.stop() }
    let inference = try upload.inference()
    let message = inference.message()
    switch way {
    case "without reply":
      _ = try upload.fixture.answer(
        AsynchronousAWS.Inference.snsEvent(inference.message(includesReply: false)))
    case "queue":
      _ = upload.fixture.say(sqs([("1", AsynchronousAWS.Inference.envelope(message))]))
    case "queue, raw": _ = upload.fixture.say(sqs([("1", message)]))
    default: _ = try upload.fixture.answer(inference.outputEvent)
    }
    let document = try upload.document()
    #expect(document["source"]?["sequencer"] == "0A")
    #expect(document["probabilities"]?.arrayValue?.count == 3)
    #expect(upload.aws.takeQueue().isEmpty, "a result is never submitted")
  }

  @Test func anOlderInferenceDoesNotOverwriteANewerResult() throws {
    let upload = try Upload()
    defer { upload.stop() }
    let older = try upload.inference(sequencer: "0A", reply: "[[5.5, -1.5]]")
    let newer = try upload.inference(sequencer: "0B", reply: "[[-1.5, 5.5]]")
    _ = try upload.fixture.answer(AsynchronousAWS.Inference.snsEvent(newer.message()))
    _ = try upload.fixture.answer(AsynchronousAWS.Inference.snsEvent(older.message()))
    #expect(try upload.document()["source"]?["sequencer"] == "0B")
    #expect(try upload.document()["class"] == "1")
  }

  @Test func theResultOfAVersionIsStoredUnderTheVersion() throws {
    let upload = try Upload()
    defer { upload.stop() }
    upload.aws.put([0xFF, 0xD8, 0xFF, 2], bucket: "photos", key: upload.key, versionID: "v2")
    let event =
      #"{"Records":[{"eventSource":"aws:s3","eventName":"ObjectCreated:Put","s3":{"bucket":"#
      + #"{"name":"photos"},"object":{"key":"uploads/a.jpg","versionId":"v2","sequencer":"0B"}}}]}"#
    _ = try upload.fixture.answer(event)
    let inference = upload.aws.process(try #require(upload.aws.takeQueue().first)) { _ in
      Array("[[1.5, 3.5, -2.5]]".utf8)
    }
    _ = try upload.fixture.answer(AsynchronousAWS.Inference.snsEvent(inference.message()))
    #expect(
      upload.aws.paths(inBucket: "results") == ["/results/photos@versions/uploads/a.jpg/v2.json"])
  }

  @Test func anObjectThatWasOverwrittenWhileItWaitedIsNoticedAndSaid() throws {
    let upload = try Upload()
    defer { upload.stop() }
    let eTag = upload.aws.object(bucket: "photos", key: upload.key)?.eTag
    let inference = try upload.inference()
    upload.aws.put([0xFF, 0xD8, 0xFF, 2], bucket: "photos", key: upload.key)
    let (_, body) = try upload.fixture.answer(
      AsynchronousAWS.Inference.snsEvent(inference.message()))
    #expect(body["results"]?[0]?["source"]?["overwritten"] == true)
    #expect(try upload.document()["source"]?["overwritten"] == true)
    #expect(try upload.document()["source"]?["eTag"]?.stringValue == eTag)
    #expect(
      upload.fixture.lines.all.contains {
        $0.contains("WARN") && $0.contains("was overwritten while its inference waited")
      })
  }

  @Test func withoutAResultBucketTheResultIsLogged() throws {
    let upload = try Upload(["RESULT_BUCKET": ""])
    defer { upload.stop() }
    let inference = try upload.inference()
    _ = try upload.fixture.answer(AsynchronousAWS.Inference.snsEvent(inference.message()))
    #expect(upload.aws.paths(inBucket: "results").isEmpty)
    #expect(
      upload.fixture.lines.all.contains {
        $0.contains("INFO") && $0.contains("s3://photos/uploads/a.jpg: ")
          && $0.contains("0.8788")
      })
    let metrics = try #require(upload.fixture.lines.all.last { $0.contains("CloudWatchMetrics") })
    let line = try JSONValue(parsing: metrics)
    #expect(line["Images"] == 1 && line["Accepted"] == nil)
    #expect(line["TopProbability"]?[0] != nil && line["EndpointMilliseconds"] == nil)
  }

  @Test func aReplyThatCannotBeReadIsTheUsualError() throws {
    let upload = try Upload()
    defer { upload.stop() }
    let inference = try upload.inference(reply: #"{"error":"no model"}"#)
    #expect(
      try upload.failure(inference.message()).hasPrefix(
        "EndpointReply.ContainerError: s3://photos/uploads/a.jpg: "))
  }

  @Test func aReplyThatIsGoneIsNoRejectionOfTheImage() throws {
    let upload = try Upload()
    defer { upload.stop() }
    var inference = try upload.inference()
    let message = inference.message(includesReply: false)
      .replacingOccurrences(of: ".out\"", with: "x.out\"")
    inference.reply = []
    #expect(try upload.failure(message).hasPrefix("S3.NoSuchKey: s3://photos/uploads/a.jpg: "))
    let metrics = try #require(upload.fixture.lines.all.last { $0.contains("CloudWatchMetrics") })
    #expect(try JSONValue(parsing: metrics)["Failures"] == 1)
  }

  @Test func aFailedInferenceIsAnInvocationErrorWithReasonAndSourceAndIsNotSubmittedAgain() throws {
    let upload = try Upload()
    defer { upload.stop() }
    let inference = try upload.inference()
    let requests = upload.aws.requests.count
    let reason = "ClientError: Received server error (500) from model."
    for _ in 0..<3 {
      let text = try upload.failure(inference.failureMessage(reason: reason))
      #expect(text.hasPrefix("Endpoint.AsyncFailed: s3://photos/uploads/a.jpg: "))
      #expect(
        text.contains("the asynchronous inference \(inference.inferenceID) failed: \(reason)"))
      #expect(text.hasSuffix("[a retry will not help]"))
    }
    #expect(upload.aws.requests.count == requests, "no call, and so no submission")
    #expect(upload.aws.paths(inBucket: "results").isEmpty)
  }

  @Test func ofABatchOnlyTheFailedInferenceReturnsToTheQueue() throws {
    let upload = try Upload()
    defer { upload.stop() }
    let inference = try upload.inference()
    let event = sqs([
      ("good", inference.message()), ("bad", inference.failureMessage(reason: "r")),
      (
        "test",
        #"{"eventVersion":"1.0","eventSource":"aws:sagemaker","eventName":"TestNotification"}"#
      ),
    ])
    guard case .answer(let answer) = upload.fixture.say(event) else { throw Fixture.Unexpected() }
    #expect(answer["batchItemFailures"] == [["itemIdentifier": "bad"]])
  }

  @Test func anErrorReplyInS3IsAFailureWithItsText() throws {
    let upload = try Upload()
    defer { upload.stop() }
    let inference = try upload.inference()
    let key =
      "failures/" + inference.outputKey.dropFirst("out/".count).dropLast(".out".count)
      + "-error.out"
    upload.aws.put(
      Array("Traceback: no\nmemory".utf8), bucket: AsynchronousAWS.outputBucket, key: key)
    let event = inference.outputEvent.replacingOccurrences(of: inference.outputKey, with: key)
      .replacingOccurrences(
        of: inference.outputKey.replacingOccurrences(of: "/", with: "\\/"),
        with: key.replacingOccurrences(of: "/", with: "\\/"))
    let error = try upload.fixture.failure(event)
    #expect(error.errorType == "Endpoint.AsyncFailed")
    #expect(error.message.hasPrefix("s3://photos/uploads/a.jpg: "))
    #expect(error.message.contains("is: Traceback: no memory"))
    #expect(upload.aws.takeQueue().isEmpty)
  }

  @Test func anOutputThatCannotBeTracedIsAnErrorThatNamesIt() throws {
    let upload = try Upload()
    defer { upload.stop() }
    let event =
      #"{"Records":[{"eventSource":"aws:s3","eventName":"ObjectCreated:Put","s3":{"bucket":"#
      + #"{"name":"async-results"},"object":{"key":"out/6b2a6bd2.out"}}}]}"#
    let error = try upload.fixture.failure(event)
    #expect(error.errorType == "Event.UntraceableOutput")
    #expect(error.message.hasPrefix("s3://async-results/out/6b2a6bd2.out: "))
    #expect(upload.aws.requests.isEmpty)
  }

  /// S3 accepts keys of 1,024 bytes, and the path of an output has room for about 300.
  @Test func aLongKeyIsTracedBySNSAndItsS3EventSaysWhyNot() throws {
    let upload = try Upload(key: "uploads/" + String(repeating: "k", count: 600) + ".jpg")
    defer { upload.stop() }
    let inference = try upload.inference()
    let error = try upload.fixture.failure(inference.outputEvent)
    #expect(error.errorType == "Event.UntraceableOutput")
    #expect(error.message.contains("SNS topics"))
    _ = try upload.fixture.answer(AsynchronousAWS.Inference.snsEvent(inference.message()))
    #expect(try upload.document()["source"]?["sequencer"] == "0A")
  }

  /// Of another caller: stored as a console request is, without an order.
  @Test func anInferenceWithAnIDThatIsNotOursIsTracedByItsInput() throws {
    let upload = try Upload()
    defer { upload.stop() }
    let message =
      #"{"invocationStatus":"Completed","inferenceId":"0e4f1c","eventSource":"aws:sagemaker","#
      + #""requestParameters":{"inputLocation":"s3://photos/uploads/a.jpg"},"#
      + #""responseBody":{"content":"W1sxLjUsIDMuNSwgLTIuNV1d","encoding":"BASE64"}}"#
    _ = try upload.fixture.answer(AsynchronousAWS.Inference.snsEvent(message))
    #expect(try upload.document()["source"]?["sequencer"] == nil)
  }

  @Test func theTestNotificationIsAnsweredWith200AndNoResults() throws {
    let upload = try Upload()
    defer { upload.stop() }
    let test =
      #"{"eventVersion":"1.0","eventSource":"aws:sagemaker","eventName":"TestNotification"}"#
    let (status, body) = try upload.fixture.answer(AsynchronousAWS.Inference.snsEvent(test))
    #expect(status == 200 && body["results"] == [])
    #expect(upload.aws.requests.isEmpty)
  }

  @Test func aMessageWithNeitherReplyNorPlaceSaysSo() throws {
    let upload = try Upload()
    defer { upload.stop() }
    let message =
      #"{"invocationStatus":"Completed","inferenceId":"i","eventSource":"aws:sagemaker"}"#
    #expect(
      try upload.failure(message).contains(
        "the inference i: SageMaker's message has neither a reply nor an outputLocation"))
  }

  @Test func theResultOfAnImageInARequestNamesItsInference() throws {
    let upload = try Upload()
    defer { upload.stop() }
    let image = Data([0xFF, 0xD8, 0xFF, 0xD9]).base64EncodedString()
    let request =
      #"{"version":"2.0","rawPath":"/","headers":{"content-type":"image/jpeg"},"requestContext":"#
      + #"{"http":{"method":"POST","path":"/"}},"isBase64Encoded":true,"body":"\#(image)"}"#
    #expect(try upload.fixture.answer(request).status == 202)
    let inference = upload.aws.process(try #require(upload.aws.takeQueue().first)) { _ in
      Array("[[1.5, 3.5, -2.5]]".utf8)
    }
    let (status, body) = try upload.fixture.answer(inference.outputEvent)
    #expect(status == 200)
    #expect(body["results"]?[0]?["source"]?["inferenceId"] == "rrequest-1")
    #expect(upload.aws.paths(inBucket: "results").isEmpty)
  }

  /// A function whose endpoint was replaced by one of another kind still gets the results of before.
  @Test func aLateResultIsStoredByTheOtherKindsToo() throws {
    let upload = try Upload()
    defer { upload.stop() }
    let inference = try upload.inference()
    let other = try Fixture(
      environment: environment.merging([
        "ENDPOINT_KIND": "serverless", "AWS_ENDPOINT_URL_S3": upload.aws.baseURL,
      ]) { $1 })
    defer { other.stop() }
    _ = try other.answer(AsynchronousAWS.Inference.snsEvent(inference.message()))
    #expect(try upload.document()["source"]?["sequencer"] == "0A")
  }
}
