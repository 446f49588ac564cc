/// Starts an endpoint.
///
/// `POST /`, `SageMaker.CreateEndpoint`. It is `Creating` for 3 to 10 minutes, then `InService` or `Failed`.
/// Instances are paid from their start on, also while the endpoint fails. Errors: `ResourceLimitExceeded`
/// (the message names the quota), `ValidationException` (also when the name is taken).
/// Source: https://docs.aws.amazon.com/sagemaker/latest/APIReference/API_CreateEndpoint.html
public struct CreateEndpoint: JSONOperation, WriteOperation {
  /// The endpoint.
  public struct Output: ResponseShape {
    /// The ARN.
    public let arn: String

    /// Reads the field.
    public init(_ fields: ResponseFields) throws(MalformedResponse) {
      arn = try fields.string("EndpointArn")
    }
  }

  /// SageMaker.
  public static let service = ControlService.sageMaker
  /// An endpoint that was made would be refused the second time.
  public static let isRepeatable = false
  /// 1 to 63 letters, digits and hyphens.
  public let endpointName: String
  /// The configuration.
  public let endpointConfigName: String
  /// At most 50.
  public let tags: [ResourceTag]

  /// A request; see the properties.
  public init(endpointName: String, endpointConfigName: String, tags: [ResourceTag] = []) {
    self.endpointName = endpointName
    self.endpointConfigName = endpointConfigName
    self.tags = tags
  }

  /// The endpoint.
  public var subject: String { endpointName }
  /// All of it.
  public var input: OperationInput {
    [
      "EndpointName": endpointName, "EndpointConfigName": endpointConfigName,
      "Tags": ResourceTag.input(tags),
    ]
  }
}

/// Deletes an endpoint; its instances go.
///
/// `POST /`, `SageMaker.DeleteEndpoint`. It is `Deleting` for a while, then not found. Refused while it is being
/// created or updated. Configuration and model stay. Errors: `ValidationException` (also for one that does not
/// exist).
/// Source: https://docs.aws.amazon.com/sagemaker/latest/APIReference/API_DeleteEndpoint.html
public struct DeleteEndpoint: JSONOperation, WriteOperation {
  /// Nothing.
  public typealias Output = Acknowledged
  /// SageMaker.
  public static let service = ControlService.sageMaker
  /// The endpoint.
  public let endpointName: String

  /// A request.
  public init(endpointName: String) { self.endpointName = endpointName }

  /// The endpoint.
  public var subject: String { endpointName }
  /// The name.
  public var input: OperationInput { ["EndpointName": endpointName] }
}

/// Lists the endpoints of the account in the region.
///
/// `POST /`, `SageMaker.ListEndpoints`. 100 a page. Read only. Errors: `ThrottlingException` (tried again).
/// Source: https://docs.aws.amazon.com/sagemaker/latest/APIReference/API_ListEndpoints.html
public struct ListEndpoints: JSONOperation, PagedOperation {
  /// An endpoint in a list.
  public struct Item: ResponseShape {
    /// The name.
    public let name: String
    /// As DescribeEndpoint has it.
    public let status: String

    /// Reads the fields.
    public init(_ fields: ResponseFields) throws(MalformedResponse) {
      name = try fields.string("EndpointName")
      status = try fields.string("EndpointStatus")
    }
  }

  /// The list's name.
  public static let itemsKey = "Endpoints"
  /// The token's name.
  public static let nextTokenKey = "NextToken"
  /// SageMaker.
  public static let service = ControlService.sageMaker
  /// The page; nil for the first.
  public var pageToken: String?

  /// The first page.
  public init() {}

  /// Nothing.
  public var subject: String { "" }
  /// The page.
  public var input: OperationInput { ["MaxResults": 100, "NextToken": pageToken] }
}
