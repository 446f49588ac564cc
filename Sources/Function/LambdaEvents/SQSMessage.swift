import JSON

/// One message of an SQS event.
///
/// Source: https://docs.aws.amazon.com/lambda/latest/dg/with-sqs.html
public struct SQSMessage: Equatable, Sendable {
  /// What names the message in the answer.
  public var messageID: String
  /// What S3 said in it, or why the message cannot be read: such a message is a failure of its own
  /// and does not disturb the others.
  public var contents: Result<S3Delivery, EventError>
  /// The message group of a FIFO queue, whose messages SQS keeps in order; nil for a standard queue,
  /// where a group (of a fair queue) orders nothing.
  public var orderedGroupID: String?

  /// A message.
  public init(
    messageID: String, contents: Result<S3Delivery, EventError>, orderedGroupID: String? = nil
  ) {
    self.messageID = messageID
    self.contents = contents
    self.orderedGroupID = orderedGroupID
  }
}

extension SQSMessage {
  /// Reads the messages of an SQS event.
  ///
  /// - Parameter records: the elements of `Records`.
  /// - Throws: when a message has no id. It could not be named in the answer and would be taken for
  ///   done, so the event must fail as a whole.
  static func all(
    _ records: [JSONValue], in event: EventReader
  ) throws(EventError) -> [SQSMessage] {
    var messages: [SQSMessage] = []
    messages.reserveCapacity(records.count)
    var remaining = LambdaEvent.maximumRecordCount
    for (index, value) in records.enumerated() {
      let reader = event.element(value, of: "Records", at: index)
      try reader.requireObject()
      let messageID = try reader.requiredString("messageId")
      let contents = Result { () throws(EventError) in
        let body = try reader.embeddedJSON("body")
        return try S3Delivery(message: body, unwrapsSNS: true)
          .checked(recordCountAtMost: remaining, in: body)
      }
      if case .success(let delivery) = contents { remaining -= delivery.recordCount }
      messages.append(
        SQSMessage(
          messageID: messageID, contents: contents, orderedGroupID: orderedGroupID(of: reader)))
    }
    return messages
  }

  /// The name of a FIFO queue ends in `.fifo`. A message without a group, which SQS does not send, is
  /// in order with all others that have none.
  private static func orderedGroupID(of message: EventReader) -> String? {
    guard message.field("eventSourceARN")?.stringValue?.hasSuffix(".fifo") == true else {
      return nil
    }
    return message.field("attributes", "MessageGroupId")?.stringValue ?? ""
  }
}

/// The answer to an SQS event: which messages are to be tried again. The others are deleted from
/// the queue.
///
/// Lambda heeds it only where the event source mapping has `ReportBatchItemFailures`. An identifier
/// that is empty or not in the event makes the whole batch a failure.
///
/// Source: https://docs.aws.amazon.com/lambda/latest/dg/services-sqs-errorhandling.html
public struct SQSBatchResponse: Equatable, Sendable {
  /// The ids of the messages that failed; none when all are done.
  public var failedMessageIDs: [String]

  /// An answer.
  public init(failedMessageIDs: [String]) { self.failedMessageIDs = failedMessageIDs }

  /// The answer as JSON: `{"batchItemFailures": [{"itemIdentifier": …}]}`.
  public func serialized() -> [UInt8] {
    var writer = JSONWriter(reservingCapacity: 32 + 64 * failedMessageIDs.count)
    writer.beginObject()
    writer.key("batchItemFailures")
    writer.beginArray()
    for messageID in failedMessageIDs {
      writer.beginObject()
      writer.key("itemIdentifier")
      writer.string(messageID)
      writer.endObject()
    }
    writer.endArray()
    writer.endObject()
    return writer.bytes
  }
}
