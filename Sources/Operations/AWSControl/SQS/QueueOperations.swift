/// Looks up a queue's URL by its name.
///
/// `POST /`, `AmazonSQS.GetQueueUrl`. Read only. Errors: `QueueDoesNotExist`.
/// Source: https://docs.aws.amazon.com/AWSSimpleQueueService/latest/APIReference/API_GetQueueUrl.html
public struct GetQueueUrl: JSONOperation, ReadOperation {
  /// The URL.
  public struct Output: ResponseShape {
    /// The URL.
    public let queueURL: String

    /// Reads the field.
    public init(_ fields: ResponseFields) throws(MalformedResponse) {
      queueURL = try fields.string("QueueUrl")
    }
  }

  /// SQS.
  public static let service = ControlService.sqs
  /// 1 to 80 letters, digits, `-` and `_`.
  public let queueName: String
  /// The account that it belongs to; nil is one's own.
  public let ownerAccountID: String?

  /// A request; see the properties.
  public init(queueName: String, ownerAccountID: String? = nil) {
    self.queueName = queueName
    self.ownerAccountID = ownerAccountID
  }

  /// The queue.
  public var subject: String { queueName }
  /// Name and account.
  public var input: OperationInput {
    ["QueueName": queueName, "QueueOwnerAWSAccountId": ownerAccountID]
  }
}

/// Reads a queue's attributes.
///
/// `POST /`, `AmazonSQS.GetQueueAttributes`. Counts are approximate. Read only. Errors:
/// `QueueDoesNotExist`.
/// Source: https://docs.aws.amazon.com/AWSSimpleQueueService/latest/APIReference/API_GetQueueAttributes.html
public struct GetQueueAttributes: JSONOperation, ReadOperation {
  /// The attributes.
  public struct Output: ResponseShape {
    /// By name; numbers as text.
    public let attributes: [String: String]

    /// Reads the field.
    public init(_ fields: ResponseFields) throws(MalformedResponse) {
      attributes = fields.stringMap("Attributes")
    }
  }

  /// SQS.
  public static let service = ControlService.sqs
  /// The queue.
  public let queueURL: String
  /// As `ApproximateNumberOfMessages`, or `All`.
  public let attributeNames: [String]

  /// A request; see the properties.
  public init(queueURL: String, attributeNames: [String]) {
    self.queueURL = queueURL
    self.attributeNames = attributeNames
  }

  /// The queue.
  public var subject: String { queueURL }
  /// Queue and names.
  public var input: OperationInput { ["QueueUrl": queueURL, "AttributeNames": attributeNames] }
}
