/// Receives messages, which hides them for the visibility timeout without deleting them.
///
/// `POST /`, `AmazonSQS.ReceiveMessage`. 1 to 10 messages; a short poll may miss some, so use a
/// wait time. What is not deleted becomes visible again after the timeout, so that `--dry-run`
/// makes this call too; each call counts as a receive for a redrive policy. Errors:
/// `QueueDoesNotExist`, `OverLimit`.
/// Source: https://docs.aws.amazon.com/AWSSimpleQueueService/latest/APIReference/API_ReceiveMessage.html
package struct ReceiveMessage: JSONOperation, ReadOperation {
  package struct Output: ResponseShape {
    /// Empty when there are none.
    package let messages: [Message]

    package init(_ fields: ResponseFields) throws(MalformedResponse) {
      messages = try fields.list("Messages")
    }
  }

  package struct Message: ResponseShape {
    package let messageID: String
    /// Deletes the message; valid for this receive only.
    package let receiptHandle: String
    package let body: String
    /// For example `SentTimestamp` (Unix milliseconds) and `ApproximateReceiveCount`.
    package let attributes: [String: String]
    /// The sender's attributes that are strings or numbers.
    package let messageAttributes: [String: String]

    package init(_ fields: ResponseFields) throws(MalformedResponse) {
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

  package static let service = ControlService.sqs
  package let queueURL: String
  /// 1 to 10.
  package let maximumMessages: Int
  /// Seconds for which they are hidden, 0 to 43,200; nil is the queue's own.
  package let visibilityTimeoutSeconds: Int?
  /// Seconds for which the call waits for messages, 0 to 20.
  package let waitSeconds: Int?

  package init(
    queueURL: String, maximumMessages: Int = 10, visibilityTimeoutSeconds: Int? = nil,
    waitSeconds: Int? = nil
  ) {
    self.queueURL = queueURL
    self.maximumMessages = maximumMessages
    self.visibilityTimeoutSeconds = visibilityTimeoutSeconds
    self.waitSeconds = waitSeconds
  }

  package var subject: String { queueURL }
  package var input: OperationInput {
    [
      "QueueUrl": queueURL, "MessageSystemAttributeNames": ["All"],
      "MessageAttributeNames": ["All"], "MaxNumberOfMessages": maximumMessages,
      "VisibilityTimeout": visibilityTimeoutSeconds,
      "WaitTimeSeconds": waitSeconds,
    ]
  }
}

/// Deletes a message permanently.
///
/// `POST /`, `AmazonSQS.DeleteMessage`. Idempotent. Errors: `ReceiptHandleIsInvalid`,
/// `QueueDoesNotExist`.
/// Source: https://docs.aws.amazon.com/AWSSimpleQueueService/latest/APIReference/API_DeleteMessage.html
package struct DeleteMessage: JSONOperation, WriteOperation {
  package typealias Output = Acknowledged
  package static let service = ControlService.sqs
  package static let isRepeatable = true
  package let queueURL: String
  package let receiptHandle: String

  package init(queueURL: String, receiptHandle: String) {
    self.queueURL = queueURL
    self.receiptHandle = receiptHandle
  }

  package var subject: String { queueURL }
  package var input: OperationInput { ["QueueUrl": queueURL, "ReceiptHandle": receiptHandle] }
}

/// Sets the remaining visibility timeout of received messages.
///
/// `POST /`, `AmazonSQS.ChangeMessageVisibilityBatch`. 1 to 10 messages; 0 seconds makes them
/// visible at once, which returns what `ReceiveMessage` took: nothing about the messages changes,
/// so that this counts as a read and is performed in a dry run too. Idempotent; single messages may
/// fail in a success and become visible by themselves. Errors: `QueueDoesNotExist`,
/// `BatchEntryIdsNotDistinct`.
/// Source: https://docs.aws.amazon.com/AWSSimpleQueueService/latest/APIReference/API_ChangeMessageVisibilityBatch.html
package struct ChangeMessageVisibilityBatch: JSONOperation, ReadOperation {
  package typealias Output = Acknowledged
  package static let service = ControlService.sqs
  package let queueURL: String
  /// From the latest receive of each message.
  package let receiptHandles: [String]
  /// 0 to 43,200.
  package let visibilityTimeoutSeconds: Int

  package init(queueURL: String, receiptHandles: [String], visibilityTimeoutSeconds: Int) {
    self.queueURL = queueURL
    self.receiptHandles = receiptHandles
    self.visibilityTimeoutSeconds = visibilityTimeoutSeconds
  }

  package var subject: String { queueURL }
  package var input: OperationInput {
    let entries = receiptHandles.enumerated().map { index, handle in
      [
        "Id": String(index), "ReceiptHandle": handle,
        "VisibilityTimeout": visibilityTimeoutSeconds,
      ] as OperationInput
    }
    return ["QueueUrl": queueURL, "Entries": entries]
  }
}
