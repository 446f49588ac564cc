/// Takes messages out of sight for a while, without deleting them.
///
/// `POST /`, `AmazonSQS.ReceiveMessage`. 1 to 10 messages; a short poll may miss some, so wait. What is
/// not deleted comes back after the visibility timeout; that is why `--dry-run` makes this call too, but
/// each call counts as a receive for a redrive policy. Errors: `QueueDoesNotExist`, `OverLimit`.
/// Source: https://docs.aws.amazon.com/AWSSimpleQueueService/latest/APIReference/API_ReceiveMessage.html
public struct ReceiveMessage: JSONOperation, ReadOperation {
  /// The messages.
  public struct Output: ResponseShape {
    /// None when there are none.
    public let messages: [Message]

    /// Reads the field.
    public init(_ fields: ResponseFields) throws(MalformedResponse) {
      messages = try fields.list("Messages")
    }
  }

  /// A message.
  public struct Message: ResponseShape {
    /// Its id.
    public let messageID: String
    /// What deletes it; of this receive alone.
    public let receiptHandle: String
    /// The text.
    public let body: String
    /// As `SentTimestamp` (Unix milliseconds) and `ApproximateReceiveCount`.
    public let attributes: [String: String]
    /// What the sender put beside the text, those of them that are strings or numbers.
    public let messageAttributes: [String: String]

    /// Reads the fields.
    public init(_ fields: ResponseFields) throws(MalformedResponse) {
      messageID = try fields.string("MessageId")
      receiptHandle = try fields.string("ReceiptHandle")
      body = try fields.string("Body")
      attributes = fields.stringMap("Attributes")
      let members = fields.json["MessageAttributes"]?.objectValue?.members ?? []
      messageAttributes = Dictionary(
        members.compactMap { name, value in
          value["StringValue"]?.stringValue.map { (name, $0) }
        }, uniquingKeysWith: { $1 })
    }
  }

  /// SQS.
  public static let service = ControlService.sqs
  /// The queue.
  public let queueURL: String
  /// 1 to 10.
  public let maximumMessages: Int
  /// Seconds for which they are hidden, 0 to 43,200; nil is the queue's own.
  public let visibilityTimeoutSeconds: Int?
  /// Seconds for which the call waits for messages, 0 to 20.
  public let waitSeconds: Int?

  /// A request; see the properties.
  public init(
    queueURL: String, maximumMessages: Int = 10, visibilityTimeoutSeconds: Int? = nil,
    waitSeconds: Int? = nil
  ) {
    self.queueURL = queueURL
    self.maximumMessages = maximumMessages
    self.visibilityTimeoutSeconds = visibilityTimeoutSeconds
    self.waitSeconds = waitSeconds
  }

  /// The queue.
  public var subject: String { queueURL }
  /// Queue, number and times.
  public var input: OperationInput {
    [
      "QueueUrl": queueURL, "MessageSystemAttributeNames": ["All"],
      "MessageAttributeNames": ["All"], "MaxNumberOfMessages": maximumMessages,
      "VisibilityTimeout": visibilityTimeoutSeconds,
      "WaitTimeSeconds": waitSeconds,
    ]
  }
}

/// Deletes a message for good.
///
/// `POST /`, `AmazonSQS.DeleteMessage`. Idempotent. Errors: `ReceiptHandleIsInvalid`,
/// `QueueDoesNotExist`.
/// Source: https://docs.aws.amazon.com/AWSSimpleQueueService/latest/APIReference/API_DeleteMessage.html
public struct DeleteMessage: JSONOperation, WriteOperation {
  /// Nothing.
  public typealias Output = Acknowledged
  /// SQS.
  public static let service = ControlService.sqs
  /// The queue.
  public let queueURL: String
  /// Of the latest receive.
  public let receiptHandle: String

  /// A request; see the properties.
  public init(queueURL: String, receiptHandle: String) {
    self.queueURL = queueURL
    self.receiptHandle = receiptHandle
  }

  /// The queue.
  public var subject: String { queueURL }
  /// Queue and receipt.
  public var input: OperationInput { ["QueueUrl": queueURL, "ReceiptHandle": receiptHandle] }
}

/// Sets for how long received messages stay out of sight, counted from now.
///
/// `POST /`, `AmazonSQS.ChangeMessageVisibilityBatch`. 1 to 10 messages; 0 seconds brings them back at once,
/// which is how one gives back what `ReceiveMessage` took: nothing about the messages changes, so that it
/// counts as a read and is made in a dry run too. Idempotent; single messages may fail in a success, those
/// come back by themselves. Errors: `QueueDoesNotExist`, `BatchEntryIdsNotDistinct`.
/// Source: https://docs.aws.amazon.com/AWSSimpleQueueService/latest/APIReference/API_ChangeMessageVisibilityBatch.html
public struct ChangeMessageVisibilityBatch: JSONOperation, ReadOperation {
  /// Nothing.
  public typealias Output = Acknowledged
  /// SQS.
  public static let service = ControlService.sqs
  /// The queue.
  public let queueURL: String
  /// Of the latest receive of each.
  public let receiptHandles: [String]
  /// 0 to 43,200.
  public let visibilityTimeoutSeconds: Int

  /// A request; see the properties.
  public init(queueURL: String, receiptHandles: [String], visibilityTimeoutSeconds: Int) {
    self.queueURL = queueURL
    self.receiptHandles = receiptHandles
    self.visibilityTimeoutSeconds = visibilityTimeoutSeconds
  }

  /// The queue.
  public var subject: String { queueURL }
  /// Queue and messages.
  public var input: OperationInput {
    let entries = receiptHandles.enumerated().map { index, handle in
      [
        "Id": String(index), "ReceiptHandle": handle,
        "VisibilityTimeout": visibilityTimeoutSeconds,
      ] as OperationInput
    }
    return ["QueueUrl": queueURL, "Entries": entries]
  }
}
