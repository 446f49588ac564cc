import JSON
import LambdaEvents
import Testing

@Suite struct SQSTests {
  private let notification =
    #"{"Records":[{"eventSource":"aws:s3","s3":{"bucket":{"name":"b"},"object":{"key":"a+b"}}}]}"#

  private func event(_ records: String...) throws -> [SQSMessage] {
    guard
      case .sqs(let messages) = try decode(
        #"{"Records":[\#(records.joined(separator: ","))]}"#)
    else { throw OtherEvent() }
    return messages
  }

  private func record(_ id: String, body: String) -> String {
    let quoted = String(decoding: JSONValue.string(body).serialized(), as: UTF8.self)
    return #"{"messageId":"\#(id)","body":\#(quoted),"eventSource":"aws:sqs"}"#
  }

  @Test func anS3NotificationInTheBodyIsRead() throws {
    let object = S3ObjectReference(bucket: "b", key: "a b", rawKey: "a+b")
    #expect(
      try message(body: notification)
        == SQSMessage(
          messageID: "m-1",
          contents: .success(.records([.success(S3Record(eventName: "", object: object))]))))
  }

  @Test func anS3TestEventInTheBodyIsRead() throws {
    let body = #"{"Service":"Amazon S3","Event":"s3:TestEvent","Bucket":"b"}"#
    #expect(try message(body: body).contents == .success(.test(S3TestEvent(bucket: "b"))))
  }

  @Test func anEventBridgeEventInTheBodyIsReadWithItsKeyAsItIs() throws {
    let body =
      #"{"source":"aws.s3","detail-type":"Object Created","detail":{"bucket":{"name":"b"},"object":{"key":"a+b%20"}}}"#
    let object = S3ObjectReference(bucket: "b", key: "a+b%20")
    #expect(
      try message(body: body).contents
        == .success(.records([.success(S3Record(eventName: "Object Created", object: object))])))
  }

  @Test func aBadMessageDoesNotDisturbTheOthers() throws {
    let messages = try event(
      record("1", body: notification), record("2", body: "oops"), record("3", body: notification))
    #expect(messages.map(\.messageID) == ["1", "2", "3"])
    #expect(messages.map { $0.contents.failure == nil } == [true, false, true])
    #expect(messages[1].contents.failure?.errorType == "Event.NotJSON")
    #expect(
      messages[1].contents.failure?.message
        == "Records[1].body is not JSON: 'o' does not begin a value at byte 0; " + acceptedMessages)
  }

  @Test func aBadRecordInAMessageDoesNotDisturbTheOthersInIt() throws {
    let body =
      #"{"Records":[{"s3":{"bucket":{"name":"b"},"object":{}}},{"s3":{"bucket":{"name":"b"},"object":{"key":"k"}}}]}"#
    guard case .success(.records(let outcomes)) = try message(body: body).contents else {
      throw OtherEvent()
    }
    #expect(
      outcomes[0].failure?.message == "Records[0].body.Records[0].s3.object.key is missing")
    #expect(outcomes[1].success?.object.key == "k")
  }

  @Test(arguments: [
    ("", "Event.NotJSON", "is not JSON: a value is missing at byte 0; " + acceptedMessages),
    ("[]", "Event.Unknown", "is an array, not an object; " + acceptedMessages),
    ("{}", "Event.Unknown", "has an unknown shape, it has no members; " + acceptedMessages),
    (
      #"{"bucket":"b","key":"k"}"#, "Event.Unknown",
      #"has an unknown shape, it has the members "bucket", "key"; "# + acceptedMessages
    ),
    (#"{"Records":[]}"#, "Event.NoRecords", ".Records is empty; " + acceptedMessages),
    (#"{"Records":7}"#, "Event.MalformedField", ".Records must be an array, not a number"),
    (#"{"Event":"s3:TestEvent"}"#, "Event.MissingField", ".Bucket is missing"),
    (
      #"{"source":"aws.s3","detail-type":"Object Created"}"#, "Event.MissingField",
      ".detail is missing"
    ),
  ])
  func bodiesWithoutAnImageAreRefusedByField(body: String, type: String, what: String) throws {
    let error = try message(body: body).contents.failure
    #expect(error?.errorType == type)
    #expect(error?.message == "Records[0].body" + (what.hasPrefix(".") ? "" : " ") + what)
    #expect(error?.isConsoleRequest == false)
  }

  @Test(arguments: [
    ("", "Records[0].body is missing"), (#","body":null"#, "Records[0].body is missing"),
    (#","body":{}"#, "Records[0].body must be a string, not an object"),
  ])
  func aMessageWithoutABodyIsAFailureOfItsOwn(member: String, text: String) throws {
    let messages = try event(#"{"messageId":"1","eventSource":"aws:sqs"\#(member)}"#)
    #expect(messages.first?.contents.failure?.message == text)
  }

  @Test(arguments: [
    (#"{"eventSource":"aws:sqs","body":"{}"}"#, "Records[0].messageId is missing"),
    (#"{"eventSource":"aws:sqs","messageId":""}"#, "Records[0].messageId is empty"),
    (
      #"{"eventSource":"aws:sqs","messageId":1}"#,
      "Records[0].messageId must be a string, not a number"
    ),
    (
      #"{"eventSource":"aws:sqs","messageId":"1"},7"#, "Records[1] must be an object, not a number"
    ),
  ])
  func aMessageThatCannotBeNamedInTheAnswerFailsTheWholeEvent(records: String, message: String) {
    #expect(refusal(of: #"{"Records":[\#(records)]}"#)?.message == message)
  }

  @Test func messagesWithTooManyRecordsTogetherAreFailuresOfTheirOwn() throws {
    let six =
      "{\"Records\":[" + [String](repeating: "{}", count: 6000).joined(separator: ",") + "]}"
    let messages = try event(
      record("1", body: six), record("2", body: six), record("3", body: notification))
    #expect(messages[0].contents.failure == nil)
    #expect(messages[1].contents.failure?.errorType == "Event.TooManyRecords")
    #expect(
      messages[1].contents.failure?.message
        == "Records[1].body.Records has 6000 elements; the limit is 10000 per event")
    #expect(messages[2].contents.failure == nil)
  }

  @Test func anSQSEventInAMessageIsNotUnwrapped() throws {
    let inner = "{\"Records\":[\(record("9", body: notification))]}"
    guard case .success(.records(let outcomes)) = try message(body: inner).contents else {
      throw OtherEvent()
    }
    #expect(outcomes.map(\.failure?.errorType) == ["Event.Unknown"])
  }

  @Test(arguments: [
    (
      #""eventSourceARN":"arn:aws:sqs:eu-west-1:1:q.fifo","attributes":{"MessageGroupId":"g"}"#, "g"
    ),
    (#""eventSourceARN":"arn:aws:sqs:eu-west-1:1:q.fifo","attributes":{}"#, ""),
    (#""eventSourceARN":"arn:aws:sqs:eu-west-1:1:q","attributes":{"MessageGroupId":"g"}"#, nil),
    (#""eventSourceARN":null,"attributes":{"MessageGroupId":"g"}"#, nil),
  ])
  func onlyTheGroupsOfAFIFOQueueAreInOrder(members: String, group: String?) throws {
    let messages = try event(
      #"{"messageId":"1","eventSource":"aws:sqs","body":"{}",\#(members)}"#)
    #expect(messages.map(\.orderedGroupID) == [group])
  }

  @Test func theAnswerNamesTheMessagesThatFailed() {
    #expect(
      String(decoding: SQSBatchResponse(failedMessageIDs: ["a", "b"]).serialized(), as: UTF8.self)
        == #"{"batchItemFailures":[{"itemIdentifier":"a"},{"itemIdentifier":"b"}]}"#)
  }

  @Test func theAnswerIsAnEmptyListWhenAllAreDone() {
    #expect(
      String(decoding: SQSBatchResponse(failedMessageIDs: []).serialized(), as: UTF8.self)
        == #"{"batchItemFailures":[]}"#)
  }
}
