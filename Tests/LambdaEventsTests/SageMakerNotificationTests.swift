import JSON
import LambdaEvents
import TestSupport
import Testing

@Suite struct SageMakerNotificationTests {
  private let test =
    #"{"eventVersion":"1.0","eventSource":"aws:sagemaker","eventName":"TestNotification"}"#
  private let s3Notification =
    #"{"Records":[{"eventSource":"aws:s3","s3":{"bucket":{"name":"b"},"object":{"key":"a"}}}]}"#

  private func message(_ members: String) -> String {
    #"{"eventSource":"aws:sagemaker","eventVersion":"1.0","eventName":"InferenceResult",\#(members)}"#
  }

  private func event(_ messages: String...) throws -> LambdaEvent {
    let records = messages.map {
      JSONValue.object([
        "EventSource": "aws:sns", "Sns": ["Type": "Notification", "Message": .string($0)],
      ])
    }
    return try LambdaEvent.decode(
      JSONValue.object(["Records": .array(records)]).serialized(), defaultBucket: nil)
  }

  private func outcomes(_ messages: String...) throws -> [SageMakerNotification.Outcome] {
    let records = messages.map {
      JSONValue.object(["EventSource": "aws:sns", "Sns": ["Message": .string($0)]])
    }
    let event = try LambdaEvent.decode(
      JSONValue.object(["Records": .array(records)]).serialized(), defaultBucket: nil)
    guard case .inferences(let outcomes) = event else { throw OtherEvent() }
    return outcomes
  }

  @Test func theCompletedExampleHasTheReplyAndItsPlace() throws {
    guard
      case .inferences(let outcomes) = try LambdaEvent.decode(
        eventFile("async-completed.json"), defaultBucket: nil)
    else { throw OtherEvent() }
    let notification = try #require(outcomes.first).get()
    #expect(notification.invocationStatus == .completed)
    #expect(notification.inputLocation == "s3://dog-photos/uploads/Schäferhund Rex.jpg")
    #expect(notification.outputLocation?.hasPrefix("s3://dog-photo-outputs/replies/") == true)
    #expect(notification.inferenceID?.hasPrefix("0065F1A2B3C4D5E6F7-") == true)
    #expect(notification.endpointName == "dog-breeds")
    #expect(notification.contentType == "application/json")
    #expect(notification.responseBody == Array("[[0.25, 2.5, -1.5]]".utf8))
  }

  @Test func theFailedExampleHasItsReason() throws {
    guard
      case .inferences(let outcomes) = try LambdaEvent.decode(
        eventFile("async-failed.json"), defaultBucket: nil)
    else { throw OtherEvent() }
    let notification = try #require(outcomes.first).get()
    #expect(notification.invocationStatus == .failed)
    #expect(notification.failureReason?.hasPrefix("ClientError: Received server error") == true)
    #expect(notification.failureLocation?.hasSuffix("-error.out") == true)
    #expect(notification.responseBody == nil)
  }

  @Test func theTestNotificationIsNothingToDo() throws {
    #expect(try event(test) == .inferences([]))
    #expect(try LambdaEventsTests.message(body: test).contents == .success(.inferenceTest))
  }

  @Test func aNotificationInAQueueIsReadWithAndWithoutEnvelope() throws {
    let text = message(#""invocationStatus":"Failed","inferenceId":"i""#)
    let envelope = JSONValue.object(["Type": "Notification", "Message": .string(text)])
    for body in [text, String(decoding: envelope.serialized(), as: UTF8.self)] {
      guard
        case .success(.inference(let notification)) =
          try LambdaEventsTests.message(body: body).contents
      else { throw OtherEvent() }
      #expect(notification.inferenceID == "i")
      #expect(notification.invocationStatus == .failed)
    }
  }

  @Test(arguments: [
    (#""x":1"#, "invocationStatus is missing"),
    (
      #""invocationStatus":"Expired""#,
      #"invocationStatus is "Expired"; it must be Completed or Failed"#
    ),
  ])
  func aMalformedFieldIsNamed(members: String, problem: String) throws {
    let error = try #require(
      LambdaEventsTests.outcomes(in: try event(message(members))).first?.failure)
    #expect(error.message == "Records[0].Sns.Message.\(problem)")
  }

  @Test func anotherMajorVersionIsRefused() throws {
    let text = #"{"eventSource":"aws:sagemaker","eventVersion":"2.0","invocationStatus":"Failed"}"#
    let error = LambdaEventsTests.outcomes(in: try event(text)).first?.failure
    #expect(error?.errorType == "Event.UnsupportedVersion")
  }

  @Test(arguments: [
    #"{"content":"W1sxXV0=","encoding":"GZIP"}"#, #"{"content":"W1sxXV0"}"#, #"{"content":null}"#,
    "null", #"{"message":"too large"}"#,
  ])
  func aReplyThatCannotBeDecodedIsLeftToS3(body: String) throws {
    let text = message(#""invocationStatus":"Completed","responseBody":\#(body)"#)
    #expect(try outcomes(text).first?.get().responseBody == nil)
  }

  @Test func aRecordOfS3BesideANotificationIsAFailure() throws {
    let outcomes = try outcomes(message(#""invocationStatus":"Failed""#), s3Notification, "oops")
    #expect(outcomes.map { $0.success != nil } == [true, false, false])
    #expect(
      outcomes[1].failure?.message.contains("one event with notifications of SageMaker") == true)
    #expect(outcomes[2].failure?.errorType == "Event.NotJSON")
  }

  @Test(arguments: [
    ("s3://b/k", "b", "k"), ("s3://b/a b/ü:1.jpg", "b", "a b/ü:1.jpg"), ("s3://b//k", "b", "/k"),
    ("https://b.s3.us-east-1.amazonaws.com/o/1.out", "b", "o/1.out"),
    ("https://b.s3.amazonaws.com/o", "b", "o"),
    ("https://a.s3.b.s3.us-east-1.amazonaws.com/o", "a.s3.b", "o"),
    ("https://b.s3-fips.us-east-1.amazonaws.com/o", "b", "o"),
    ("https://b.s3.cn-north-1.amazonaws.com.cn/o", "b", "o"),
  ])
  func aLocationNamesItsObject(location: String, bucket: String, key: String) {
    #expect(S3ObjectReference(location: location) == S3ObjectReference(bucket: bucket, key: key))
  }

  @Test(arguments: [
    "", "b/k", "s3://", "s3://b", "s3://b/", "s3:///k", "https://example.com/k",
    "https://s3.us-east-1.amazonaws.com/b/k", "http://b.s3.us-east-1.amazonaws.com/k",
  ])
  func anotherLocationNamesNone(location: String) {
    #expect(S3ObjectReference(location: location) == nil)
  }
}
