import AWSControl
import JSON
import LambdaEvents

/// A message of a failure queue: an event that was not processed, with the reason.
package struct FailedEvent: Sendable {
  /// The sender, which decides the message's format.
  package enum Sender: String, Sendable {
    /// Lambda's on-failure destination: a record around the event.
    /// Source: https://docs.aws.amazon.com/lambda/latest/dg/invocation-async-retain-records.html
    case destination
    /// Lambda's dead-letter queue: the event, with the reason in message attributes.
    /// Source: https://docs.aws.amazon.com/lambda/latest/dg/invocation-async-retain-records.html#invocation-dlq
    case deadLetterQueue = "dead-letter-queue"
    /// The dead-letter queue of an EventBridge rule's target: likewise, with other attributes.
    /// Source: https://docs.aws.amazon.com/eventbridge/latest/userguide/eb-rule-dlq.html
    case eventBridge = "eventbridge"
    /// Any other sender: the text is the event, as S3 or SQS writes it.
    case other
  }

  /// SQS's id of the message.
  package let messageID: String
  /// Deletes the message; valid for one receive.
  package let receiptHandle: String
  /// When it was sent to the queue, in milliseconds since 1970.
  package let sentUnixMilliseconds: Int64
  /// Number of receives by any consumer, this one included.
  package let receiveCount: Int
  package let sender: Sender
  /// The function that failed, with its qualifier; nil when the message does not name it.
  package let functionARN: String?
  /// Lambda's id of the invocation.
  package let requestID: String?
  /// Why it failed: `RetriesExhausted`, `EventAgeExceeded`, or an error code.
  package let condition: String?
  /// Number of invocations with it.
  package let invokeCount: Int?
  /// The type of the function's last error, for example `S3.NoSuchKey`.
  package let errorType: String?
  /// The message of the last error.
  package let errorMessage: String?
  /// The event that failed; nil when there is none or it is not JSON.
  package let event: [UInt8]?
  /// What a redrive sends instead of it, or as it is.
  package let payload: RedrivePayload
  /// The S3 objects and `https` URLs in the event; empty when none can be read.
  package let objects: [String]

  package init(_ message: ReceiveMessage.Message) {
    messageID = message.messageID
    receiptHandle = message.receiptHandle
    sentUnixMilliseconds = message.attributes["SentTimestamp"].flatMap(Int64.init) ?? 0
    receiveCount = message.attributes["ApproximateReceiveCount"].flatMap { Int($0) } ?? 1
    let content = Content(message)
    sender = content.sender
    functionARN = content.functionARN
    requestID = content.requestID
    condition = content.condition
    invokeCount = content.invokeCount
    event = content.event
    payload = RedrivePayload(content.event, errorType: content.errorType)
    let delivered = content.event.map(RedrivePayload.delivered)
    objects = delivered.map(EventObjects.names) ?? []
    errorType = content.errorType
    // What SNS could not deliver has no record of Lambda around it.
    errorMessage =
      content.errorMessage
      ?? delivered.flatMap(RedrivePayload.failures)?.compactMap(\.failureReason).first
  }
}

/// The content of the four message formats.
private struct Content {
  var sender = FailedEvent.Sender.other
  var functionARN: String?
  var requestID: String?
  var condition: String?
  var invokeCount: Int?
  var errorType: String?
  var errorMessage: String?
  var event: [UInt8]?

  init(_ message: ReceiveMessage.Message) {
    let attributes = message.messageAttributes
    let body = Array(message.body.utf8)
    let json = try? JSONValue(parsing: body)
    if let json, let context = json["requestContext"], let payload = json["requestPayload"] {
      readRecord(json, context)
      event = payload.serialized()
      return
    }
    event = json == nil ? nil : body
    if attributes["RULE_ARN"] != nil {
      sender = .eventBridge
      functionARN = attributes["TARGET_ARN"]
      condition = attributes["EXHAUSTED_RETRY_CONDITION"] ?? attributes["ERROR_CODE"]
      invokeCount = attributes["RETRY_ATTEMPTS"].flatMap { Int($0) }
      errorType = attributes["ERROR_CODE"]
      errorMessage = attributes["ERROR_MESSAGE"]
    } else if attributes["RequestID"] != nil || attributes["ErrorCode"] != nil {
      sender = .deadLetterQueue
      requestID = attributes["RequestID"]
      condition = attributes["ErrorCode"].map { "ErrorCode \($0)" }
      errorMessage = attributes["ErrorMessage"]
    }
  }

  private mutating func readRecord(_ record: JSONValue, _ context: JSONValue) {
    sender = .destination
    functionARN = context["functionArn"]?.stringValue
    requestID = context["requestId"]?.stringValue
    condition = context["condition"]?.stringValue
    invokeCount = context["approximateInvokeCount"]?.int64Value.map { Int(clamping: $0) }
    errorType =
      record["responsePayload"]?["errorType"]?.stringValue
      ?? record["responseContext"]?["functionError"]?.stringValue
    errorMessage = record["responsePayload"]?["errorMessage"]?.stringValue
  }
}
