/// Looks up a queue's URL by its name.
///
/// `POST /`, `AmazonSQS.GetQueueUrl`. Read only. Errors: `QueueDoesNotExist`.
/// Source: https://docs.aws.amazon.com/AWSSimpleQueueService/latest/APIReference/API_GetQueueUrl.html
package struct GetQueueUrl: JSONOperation, ReadOperation {
  package struct Output: ResponseShape {
    package let queueURL: String

    package init(_ fields: ResponseFields) throws(MalformedResponse) {
      queueURL = try fields.string("QueueUrl")
    }
  }

  package static let service = ControlService.sqs
  /// 1 to 80 letters, digits, `-` and `_`.
  package let queueName: String
  /// The account that owns the queue; nil is the caller's.
  package let ownerAccountID: String?

  package init(queueName: String, ownerAccountID: String? = nil) {
    self.queueName = queueName
    self.ownerAccountID = ownerAccountID
  }

  package var subject: String { queueName }
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
  package struct Output: ResponseShape {
    /// By name; numbers as text.
    package let attributes: [String: String]

    package init(_ fields: ResponseFields) throws(MalformedResponse) {
      attributes = fields.stringMap("Attributes")
    }
  }

  package static let service = ControlService.sqs
  package let queueURL: String
  /// For example `ApproximateNumberOfMessages`, or `All`.
  package let attributeNames: [String]

  package init(queueURL: String, attributeNames: [String]) {
    self.queueURL = queueURL
    self.attributeNames = attributeNames
  }

  package var subject: String { queueURL }
  package var input: OperationInput { ["QueueUrl": queueURL, "AttributeNames": attributeNames] }
}
