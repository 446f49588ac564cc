import AWSControl
import Foundation
import JSON
import LambdaEvents
import OperationsSupport
import TestSupport
import Testing

@testable import FailureQueue

/// Failed inferences of an asynchronous endpoint.
@Suite struct InferenceRedriveTests {
  private static let file = "events/async-failed.json"
  private static let resubmission: JSONValue = [
    "Records": [
      [
        "eventVersion": "2.1", "eventSource": "aws:s3", "eventName": "ObjectCreated:Put",
        "s3": [
          "bucket": ["name": "dog-photos"],
          "object": [
            "key": "uploads/Sch%C3%A4ferhund%20Rex.jpg",
            "eTag": "5818a2665423452f12f76c7b4ed076b7", "sequencer": "0065F1A2B3C4D5E6F7",
          ],
        ],
      ]
    ]
  ]

  private func event(_ path: String = Self.file) throws -> JSONValue {
    try JSONValue(parsing: Array(Data(contentsOf: Repository.root.appendingPathComponent(path))))
  }

  /// The SNS envelope of the event, as SNS sends it to its dead-letter queue.
  private func envelope(_ path: String = Self.file) throws -> JSONValue {
    try #require(try event(path)["Records"]?[0]?["Sns"])
  }

  private func text(_ json: JSONValue) -> String {
    String(decoding: json.serialized(), as: UTF8.self)
  }

  private func redriven(_ event: FailedEvent) throws -> JSONValue? {
    guard case .upload(let bytes) = event.payload else { return nil }
    return try JSONValue(parsing: bytes)
  }

  /// As Lambda's destination records it.
  private func record(_ event: JSONValue) -> String {
    text([
      "requestContext": ["functionArn": .string(arn)], "requestPayload": event,
      "responsePayload": ["errorType": "Endpoint.AsyncFailed", "errorMessage": "m"],
    ])
  }

  @Test func failureIsRedrivenAsTheUploadOfItsInput() throws {
    let failed = try read(body: record(try event()))
    #expect(try redriven(failed) == Self.resubmission)
    #expect(failed.objects == ["s3://dog-photos/uploads/Schäferhund Rex.jpg"])
    #expect(failed.errorType == "Endpoint.AsyncFailed")
  }

  @Test func failureThatSNSCouldNotDeliverIsReadWithoutARecordAroundIt() throws {
    let failed = try read(body: text(try envelope()))
    #expect(try redriven(failed) == Self.resubmission)
    #expect(failed.errorMessage?.hasPrefix("ClientError: Received server error (500)") == true)
    #expect(failed.objects == ["s3://dog-photos/uploads/Schäferhund Rex.jpg"])
  }

  @Test func failureOfAQueueWithRawDeliveryIsReadToo() throws {
    let message = try #require(try envelope()["Message"]?.stringValue)
    #expect(try redriven(try read(body: message)) == Self.resubmission)
  }

  @Test func resultThatTheFunctionCouldNotStoreIsRedrivenAsItIs() throws {
    let path = "events/async-completed.json"
    let (event, envelope) = (try self.event(path), try self.envelope(path))
    let completed = try read(body: record(event))
    #expect(completed.payload == .event(event.serialized()))
    // In the form in which SNS invokes the function.
    let bare = try read(body: text(envelope))
    guard case .event(let bytes) = bare.payload else {
      Issue.record("\(bare.payload)")
      return
    }
    let sent = try JSONValue(parsing: bytes)
    #expect(sent["Records"]?[0]?["EventSource"] == "aws:sns")
    #expect(sent["Records"]?[0]?["Sns"] == envelope)
  }

  /// Without a failure path.
  private func untraced() throws -> String {
    let message = try JSONValue(
      parsing: Array(try #require(try envelope()["Message"]?.stringValue).utf8))
    var copy = JSONObject()
    for member in message.objectValue?.members ?? [] where member.key != "responseParameters" {
      copy.set(member.key, to: member.value)
    }
    return text(.object(copy))
  }

  private static let ids: [(String, String?)] = [
    ("0065F1A2B3C4D5E6F7-b7de1eb41ca5b270ad89c0fc", "0065F1A2B3C4D5E6F7"), ("rex", nil),
    ("r123-b7de1eb41ca5b270ad89c0fc", nil), ("7c7a2f14-0000-4000-8000-1f2e3d4c5b6a", nil),
  ]

  @Test(arguments: ids)
  func withoutAPathTheInferenceIDHasTheSequencerIfItIsOurs(id: String, sequencer: String?) throws {
    let message = try untraced().replacingOccurrences(
      of: "0065F1A2B3C4D5E6F7-b7de1eb41ca5b270ad89c0fc", with: id)
    let object = try redriven(try read(body: message))?["Records"]?[0]?["s3"]?["object"]
    #expect(object?["key"] == "uploads/Sch%C3%A4ferhund%20Rex.jpg")
    #expect(object?["sequencer"]?.stringValue == sequencer)
  }

  @Test func versionOfThePathIsKept() throws {
    let trace = InferenceTrace(
      of: S3ObjectReference(bucket: "photos", key: "a.jpg", versionID: "v1", sequencer: "01"))
    let failure = upload("failures/\(try #require(trace.pathExtension))/1-error.out")
    let failed = try read(body: record(try JSONValue(parsing: Array(failure.utf8))))
    let object = try redriven(failed)?["Records"]?[0]?["s3"]?["object"]
    #expect(object?["key"] == "a.jpg")
    #expect(object?["versionId"] == "v1")
    #expect(object?["sequencer"] == "01")
  }

  @Test func errorReplyInABareEventIsRedrivenAsTheUploadOfItsInput() throws {
    let trace = InferenceTrace(
      of: S3ObjectReference(bucket: "photos", key: "a.jpg", sequencer: "01"))
    let path = try #require(trace.pathExtension)
    let failed = try read(body: upload("failures/\(path)/1-error.out"))
    let object = try redriven(failed)?["Records"]?[0]?["s3"]?["object"]
    #expect(object?["key"] == "a.jpg")
    // A result, whatever failed.
    let result = upload("output/\(path)/1.out")
    #expect(try read(body: result).payload == .event(Array(result.utf8)))
  }

  @Test func uploadThatFailedForAnotherReasonIsRedrivenAsItIs() throws {
    let failed = try read(body: record(try JSONValue(parsing: Array(upload("a.jpg").utf8))))
    #expect(failed.payload == .event(Array(upload("a.jpg").utf8)))
  }

  @Test func inputThatWasInTheRequestCannotBeSentAgain() throws {
    let message = try untraced()
    let inline = message.replacingOccurrences(
      of: #","inputLocation":"s3://dog-photos/uploads/Schäferhund Rex.jpg""#, with: "")
    #expect(inline != message)
    let fixture = try ControlFixture([
      received(FailureQueueTests.message("a", body: inline)), received(),
      .init(200, body: "{}"),
    ])
    let queue = FailureQueueClient(queueURL: "https://sqs/1/q", with: fixture.client)
    let outcome = try Redrive(queue, Redrive.Options()).run()
    guard case .kept(_, let reason) = outcome.steps.first else {
      Issue.record("\(outcome.steps)")
      return
    }
    #expect(reason.contains("was in the request itself"))
  }

  @Test func uploadIsWhatLambdaGets() throws {
    let fixture = try ControlFixture([
      received(FailureQueueTests.message("a", body: record(try event()))), .init(202),
      .init(200, body: "{}"), received(),
    ])
    let queue = FailureQueueClient(queueURL: "https://sqs/1/q", with: fixture.client)
    #expect(try Redrive(queue, Redrive.Options()).run().isComplete)
    #expect(try JSONValue(parsing: fixture.requests[1].body) == Self.resubmission)
  }

  @Test func envelopesOfS3AreRedrivenInTheFormOfLambda() throws {
    let notification = upload("a.jpg")
    let body = text([
      "Type": "Notification", "MessageId": "m", "TopicArn": "t", "Message": .string(notification),
    ])
    let event = try read(body: body)
    #expect(event.objects == ["s3://photos/a.jpg"])
    guard case .event(let bytes) = event.payload else {
      Issue.record("\(event.payload)")
      return
    }
    #expect(try JSONValue(parsing: bytes)["Records"]?[0]?["EventSource"] == "aws:sns")
  }
}
