/// Takes messages out of sight for a while, without deleting them.
///
/// `POST /`, `AmazonSQS.ReceiveMessage`. 1 to 10 messages; a short poll may miss some, so wait. What is
/// not deleted comes back after the visibility timeout; that is why `--dry-run` makes this call too, but
/// each call counts as a receive for a redrive policy. Errors: `QueueDoesNotExist`, `OverLimit`.
/// Source: https://docs.aws.amazon.com/AWSSimpleQueueService/latest/APIReference/API_ReceiveMessage.html
package struct ReceiveMessage: JSONOperation, ReadOperation {
  /// The messages.
  package struct Output: ResponseShape {
    /// None when there are none.
    package let messages: [Message]

    /// Reads the field.
    package init(_ fields: ResponseFields) throws(MalformedResponse) {
      messages = try fields.list("Messages")
    }
  }

  /// A message.
  package struct Message: ResponseShape {
    /// Its id.
    package let messageID: String
    /// What deletes it; of this receive alone.
    package let receiptHandle: String
    /// The text.
    package let body: String
    /// As `SentTimestamp` (Unix milliseconds) and `ApproximateReceiveCount`.
    package let attributes: [String: String]
    /// What the sender put beside the text, those of them that are strings or numbers.
    package let messageAttributes: [String: String]

    /// Reads the fields.
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

  /// SQS.
  package static let service = ControlService.sqs
  /// The queue.
  package let queueURL: String
  /// 1 to 10.
  package let maximumMessages: Int
  /// Seconds for which they are hidden, 0 to 43,200; nil is the queue's own.
  package let visibilityTimeoutSeconds: Int?
  /// Seconds for which the call waits for messages, 0 to 20.
  package let waitSeconds: Int?

  /// A request; see the properties.
  package init(
    queueURL: String, maximumMessages: Int = 10, visibilityTimeoutSeconds: Int? = nil,
    waitSeconds: Int? = nil
  ) {
    self.queueURL = queueURL
    self.maximumMessages = maximumMessages
    self.visibilityTimeoutSeconds = visibilityTimeoutSeconds
    self.waitSeconds = waitSeconds
  }

  /// The queue.
  package var subject: String { queueURL }
  /// Queue, number and times.
  package var input: OperationInput {
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
package struct DeleteMessage: JSONOperation, WriteOperation {
  /// Nothing.
  package typealias Output = Acknowledged
  /// SQS.
  package static let service = ControlService.sqs
  /// The queue.
  package let queueURL: String
  /// Of the latest receive.
  package let receiptHandle: String

  /// A request; see the properties.
  package init(queueURL: String, receiptHandle: String) {
    self.queueURL = queueURL
    self.receiptHandle = receiptHandle
  }

  /// The queue.
  package var subject: String { queueURL }
  /// Queue and receipt.
  package var input: OperationInput { ["QueueUrl": queueURL, "ReceiptHandle": receiptHandle] }
}

/// Sets for how long received messages stay out of sight, counted from now.
///
/// `POST /`, `AmazonSQS.ChangeMessageVisibilityBatch`. 1 to 10 messages; 0 seconds brings them back at once,
/// which is how one gives back what `ReceiveMessage` took: nothing about the messages changes, so that it
/// counts as a read and is made in a dry run too. Idempotent; single messages may fail in a success, those
/// come back by themselves. Errors: `QueueDoesNotExist`, `BatchEntryIdsNotDistinct`.
/// Source: https://docs.aws.amazon.com/AWSSimpleQueueService/latest/APIReference/API_ChangeMessageVisibilityBatch.html
package struct ChangeMessageVisibilityBatch: JSONOperation, ReadOperation {
  /// Nothing.
  package typealias Output = Acknowledged
  /// SQS.
  package static let service = ControlService.sqs
  /// The queue.
  package let queueURL: String
  /// Of the latest receive of each.
  package let receiptHandles: [String]
  /// 0 to 43,200.
  package let visibilityTimeoutSeconds: Int

  /// A request; see the properties.
  package init(queueURL: String, receiptHandles: [String], visibilityTimeoutSeconds: Int) {
    self.queueURL = queueURL
    self.receiptHandles = receiptHandles
    self.visibilityTimeoutSeconds = visibilityTimeoutSeconds
  }

  /// The queue.
  package var subject: String { queueURL }
  /// Queue and messages.
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
