/// Starts an endpoint.
///
/// `POST /`, `SageMaker.CreateEndpoint`. It is `Creating` for 3 to 10 minutes, then `InService` or `Failed`.
/// Instances are paid from their start on, also while the endpoint fails. Errors: `ResourceLimitExceeded`
/// (the message names the quota), `ValidationException` (also when the name is taken).
/// Source: https://docs.aws.amazon.com/sagemaker/latest/APIReference/API_CreateEndpoint.html
package struct CreateEndpoint: JSONOperation, WriteOperation {
  /// The endpoint.
  package struct Output: ResponseShape {
    /// The ARN.
    package let arn: String

    /// Reads the field.
    package init(_ fields: ResponseFields) throws(MalformedResponse) {
      arn = try fields.string("EndpointArn")
    }
  }

  /// SageMaker.
  package static let service = ControlService.sageMaker
  /// An endpoint that was made would be refused the second time.
  package static let isRepeatable = false
  /// 1 to 63 letters, digits and hyphens.
  package let endpointName: String
  /// The configuration.
  package let endpointConfigName: String
  /// At most 50.
  package let tags: [ResourceTag]

  /// A request; see the properties.
  package init(endpointName: String, endpointConfigName: String, tags: [ResourceTag] = []) {
    self.endpointName = endpointName
    self.endpointConfigName = endpointConfigName
    self.tags = tags
  }

  /// The endpoint.
  package var subject: String { endpointName }
  /// All of it.
  package var input: OperationInput {
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
package struct DeleteEndpoint: JSONOperation, WriteOperation {
  /// Nothing.
  package typealias Output = Acknowledged
  /// SageMaker.
  package static let service = ControlService.sageMaker
  /// The endpoint.
  package let endpointName: String

  /// A request.
  package init(endpointName: String) { self.endpointName = endpointName }

  /// The endpoint.
  package var subject: String { endpointName }
  /// The name.
  package var input: OperationInput { ["EndpointName": endpointName] }
}

/// Lists the endpoints of the account in the region.
///
/// `POST /`, `SageMaker.ListEndpoints`. 100 a page. Read only. Errors: `ThrottlingException` (tried again).
/// Source: https://docs.aws.amazon.com/sagemaker/latest/APIReference/API_ListEndpoints.html
package struct ListEndpoints: JSONOperation, PagedOperation {
  /// An endpoint in a list.
  package struct Item: ResponseShape {
    /// The name.
    package let name: String
    /// As DescribeEndpoint has it.
    package let status: String

    /// Reads the fields.
    package init(_ fields: ResponseFields) throws(MalformedResponse) {
      name = try fields.string("EndpointName")
      status = try fields.string("EndpointStatus")
    }
  }

  /// The list's name.
  package static let itemsKey = "Endpoints"
  /// The token's name.
  package static let nextTokenKey = "NextToken"
  /// SageMaker.
  package static let service = ControlService.sageMaker
  /// The page; nil for the first.
  package var pageToken: String?

  /// The first page.
  package init() {}

  /// Nothing.
  package var subject: String { "" }
  /// The page.
  package var input: OperationInput { ["MaxResults": 100, "NextToken": pageToken] }
}
