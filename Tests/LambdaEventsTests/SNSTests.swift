import JSON
import LambdaEvents
import Testing

@Suite struct SNSTests {
  private let notification =
    #"{"Records":[{"eventSource":"aws:s3","s3":{"bucket":{"name":"b"},"object":{"key":"a+b"}}}]}"#
  private let testEvent = #"{"Event":"s3:TestEvent","Bucket":"b"}"#
  private let object = S3ObjectReference(bucket: "b", key: "a b", rawKey: "a+b")

  private func event(_ messages: String...) throws -> LambdaEvent {
    let records = messages.map {
      JSONValue.object([
        "EventSource": "aws:sns", "Sns": ["Type": "Notification", "Message": .string($0)],
      ])
    }
    return try LambdaEvent.decode(
      JSONValue.object(["Records": .array(records)]).serialized(), defaultBucket: nil)
  }

  private func envelope(_ message: String) -> String {
    let envelope = JSONValue.object([
      "Type": "Notification", "MessageId": "1", "TopicArn": "arn:aws:sns:us-east-1:1:t",
      "Message": .string(message),
    ])
    return String(decoding: envelope.serialized(), as: UTF8.self)
  }

  @Test func theRecordsOfAllMessagesStandInOneList() throws {
    let event = try event(notification, testEvent, notification)
    #expect(objects(in: event) == [object, object])
  }

  @Test func aMessageThatCannotBeReadIsAFailureInItsPlace() throws {
    let event = try event(notification, "oops", notification)
    #expect(outcomes(in: event).map(\.success?.object) == [object, nil, object])
    #expect(
      outcomes(in: event)[1].failure?.message
        == "Records[1].Sns.Message is not JSON: 'o' does not begin a value at byte 0; "
        + acceptedMessages)
  }

  @Test func aTestEventAloneIsATestEvent() throws {
    #expect(try event(testEvent) == .s3Test(S3TestEvent(bucket: "b")))
  }

  @Test func anEventBridgeEventInAMessageIsRead() throws {
    let event = try event(
      #"{"source":"aws.s3","detail-type":"Object Created","detail":{"bucket":{"name":"b"},"object":{"key":"a+b"}}}"#
    )
    #expect(objects(in: event) == [S3ObjectReference(bucket: "b", key: "a+b")])
  }

  @Test(arguments: [
    (#"{"EventSource":"aws:sns"}"#, "Records[0].Sns.Message is missing"),
    (
      #"{"EventSource":"aws:sns","Sns":{"Message":1}}"#,
      "Records[0].Sns.Message must be a string, not a number"
    ),
    (
      #"{"EventSource":"aws:sns","Sns":{"Message":"{}"}}"#,
      "Records[0].Sns.Message has an unknown shape, it has no members; " + acceptedMessages
    ),
  ])
  func aRecordWithoutAMessageIsRefusedByField(record: String, message: String) {
    #expect(refusal(of: #"{"Records":[\#(record)]}"#)?.message == message)
  }

  @Test func theEnvelopeInAnSQSMessageIsUnwrapped() throws {
    guard
      case .success(.records(let outcomes)) = try message(body: envelope(notification)).contents
    else { throw OtherEvent() }
    #expect(outcomes.map(\.success?.object) == [object])
  }

  @Test func aTestEventInTheEnvelopeIsATestEvent() throws {
    #expect(
      try message(body: envelope(testEvent)).contents == .success(.test(S3TestEvent(bucket: "b"))))
  }

  @Test func fieldsInTheEnvelopeAreNamedByTheWholeWay() throws {
    let body = envelope(#"{"Records":[{"s3":{"bucket":{"name":"b"},"object":{}}}]}"#)
    guard case .success(.records(let outcomes)) = try message(body: body).contents else {
      throw OtherEvent()
    }
    #expect(
      outcomes.first?.failure?.message
        == "Records[0].body.Message.Records[0].s3.object.key is missing")
  }

  @Test func anEnvelopeInAnEnvelopeIsNotUnwrapped() throws {
    let error = try message(body: envelope(envelope(notification))).contents.failure
    #expect(error?.errorType == "Event.Unknown")
    #expect(error?.message.hasPrefix("Records[0].body.Message has an unknown shape") == true)
    let inSNS = outcomes(in: try event(envelope(notification))).first?.failure
    #expect(inSNS?.errorType == "Event.Unknown")
  }

  @Test func aRequestToConfirmASubscriptionIsNoImage() throws {
    let body = #"{"Type":"SubscriptionConfirmation","Message":"You have chosen to subscribe"}"#
    #expect(try message(body: body).contents.failure?.errorType == "Event.Unknown")
  }
}
