import JSON

/// One message of an SQS event.
///
/// Source: https://docs.aws.amazon.com/lambda/latest/dg/with-sqs.html
public struct SQSMessage: Equatable, Sendable {
  /// Identifies the message in the response.
  public var messageID: String
  /// The content, or the reason why the message cannot be read. Such a message fails without
  /// affecting the others.
  public var contents: Result<S3Delivery, EventError>
  /// The message group in a FIFO queue, which SQS keeps in order; nil for a standard queue, where
  /// the group of a fair queue does not define an order.
  public var orderedGroupID: String?

  public init(
    messageID: String, contents: Result<S3Delivery, EventError>, orderedGroupID: String? = nil
  ) {
    self.messageID = messageID
    self.contents = contents
    self.orderedGroupID = orderedGroupID
  }
}

extension SQSMessage {
  /// Decodes the messages of an SQS event.
  ///
  /// - Parameter records: the elements of `Records`.
  /// - Throws: when a message has no ID. The response could not name it, so it would count as
  ///   processed; the event must fail as a whole.
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

  /// The name of a FIFO queue ends in `.fifo`. Messages without a group, which SQS does not send,
  /// count as one group.
  private static func orderedGroupID(of message: EventReader) -> String? {
    guard message.field("eventSourceARN")?.stringValue?.hasSuffix(".fifo") == true else {
      return nil
    }
    return message.field("attributes", "MessageGroupId")?.stringValue ?? ""
  }
}

/// The response to an SQS event: the messages to retry. The others are deleted from the queue.
///
/// Lambda evaluates it only when the event source mapping has `ReportBatchItemFailures`. An
/// identifier that is empty or not in the event makes the whole batch fail.
///
/// Source: https://docs.aws.amazon.com/lambda/latest/dg/services-sqs-errorhandling.html
public struct SQSBatchResponse: Equatable, Sendable {
  /// The IDs of the messages that failed; empty when all succeeded.
  public var failedMessageIDs: [String]

  public init(failedMessageIDs: [String]) { self.failedMessageIDs = failedMessageIDs }

  /// `{"batchItemFailures": [{"itemIdentifier": …}]}`
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
