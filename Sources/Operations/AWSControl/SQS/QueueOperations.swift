/// Looks up a queue's URL by its name.
///
/// `POST /`, `AmazonSQS.GetQueueUrl`. Read only. Errors: `QueueDoesNotExist`.
/// Source: https://docs.aws.amazon.com/AWSSimpleQueueService/latest/APIReference/API_GetQueueUrl.html
package struct GetQueueUrl: JSONOperation, ReadOperation {
  /// The URL.
  package struct Output: ResponseShape {
    /// The URL.
    package let queueURL: String

    /// Reads the field.
    package init(_ fields: ResponseFields) throws(MalformedResponse) {
      queueURL = try fields.string("QueueUrl")
    }
  }

  /// SQS.
  package static let service = ControlService.sqs
  /// 1 to 80 letters, digits, `-` and `_`.
  package let queueName: String
  /// The account that it belongs to; nil is one's own.
  package let ownerAccountID: String?

  /// A request; see the properties.
  package init(queueName: String, ownerAccountID: String? = nil) {
    self.queueName = queueName
    self.ownerAccountID = ownerAccountID
  }

  /// The queue.
  package var subject: String { queueName }
  /// Name and account.
  package var input: OperationInput {
    ["QueueName": queueName, "QueueOwnerAWSAccountId": ownerAccountID]
  }
}

/// Reads a queue's attributes.
///
/// `POST /`, `AmazonSQS.GetQueueAttributes`. Counts are approximate. Read only. Errors:
/// `QueueDoesNotExist`.
/// Source: https://docs.aws.amazon.com/AWSSimpleQueueService/latest/APIReference/API_GetQueueAttributes.html
package struct GetQueueAttributes: JSONOperation, ReadOperation {
  /// The attributes.
  package struct Output: ResponseShape {
    /// By name; numbers as text.
    package let attributes: [String: String]

    /// Reads the field.
    package init(_ fields: ResponseFields) throws(MalformedResponse) {
      attributes = fields.stringMap("Attributes")
    }
  }

  /// SQS.
  package static let service = ControlService.sqs
  /// The queue.
  package let queueURL: String
  /// As `ApproximateNumberOfMessages`, or `All`.
  package let attributeNames: [String]

  /// A request; see the properties.
  package init(queueURL: String, attributeNames: [String]) {
    self.queueURL = queueURL
    self.attributeNames = attributeNames
  }

  /// The queue.
  package var subject: String { queueURL }
  /// Queue and names.
  package var input: OperationInput { ["QueueUrl": queueURL, "AttributeNames": attributeNames] }
}
