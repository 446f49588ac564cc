import AWSClient

/// Creates an endpoint.
///
/// `POST /`, `SageMaker.CreateEndpoint`. It is `Creating` for 3 to 10 minutes, then `InService` or
/// `Failed`. Instances are billed from their start, also while the endpoint fails. Errors:
/// `ResourceLimitExceeded` (the message names the quota), `ValidationException` (also when the name
/// is taken).
/// Source: https://docs.aws.amazon.com/sagemaker/latest/APIReference/API_CreateEndpoint.html
package struct CreateEndpoint: JSONOperation, WriteOperation {
  package struct Output: ResponseShape {
    package let arn: String

    init(arn: String) { self.arn = arn }

    package init(_ fields: ResponseFields) throws(MalformedResponse) {
      arn = try fields.string("EndpointArn")
    }
  }

  package static let service = ControlService.sageMaker
  /// The second time the endpoint exists, which is compared with this one.
  package static let isRepeatable = true
  /// 1 to 63 letters, digits and hyphens.
  package let endpointName: String
  package let endpointConfigName: String
  /// At most 50.
  package let tags: [ResourceTag]

  package init(endpointName: String, endpointConfigName: String, tags: [ResourceTag] = []) {
    self.endpointName = endpointName
    self.endpointConfigName = endpointConfigName
    self.tags = tags
  }

  package var subject: String { endpointName }
  package var input: OperationInput {
    [
      "EndpointName": endpointName, "EndpointConfigName": endpointConfigName,
      "Tags": ResourceTag.input(tags),
    ]
  }

  package func outputIfReached(
    after error: AWSError, with client: ControlClient
  ) throws -> Output? {
    guard error.isAlreadyThere else { return nil }
    let found = try client.read(DescribeEndpoint(endpointName: endpointName))
    return found.endpointConfigName == endpointConfigName ? Output(arn: found.endpointARN) : nil
  }
}

/// Deletes an endpoint with its instances.
///
/// `POST /`, `SageMaker.DeleteEndpoint`. It is `Deleting` for a while, then not found. Refused
/// while it is being created or updated. Configuration and model stay. Errors:
/// `ValidationException` (also for one that does not exist).
/// Source: https://docs.aws.amazon.com/sagemaker/latest/APIReference/API_DeleteEndpoint.html
package struct DeleteEndpoint: JSONOperation, WriteOperation {
  package typealias Output = Acknowledged
  package static let service = ControlService.sageMaker
  /// The second time it is gone.
  package static let isRepeatable = true
  package let endpointName: String

  package init(endpointName: String) { self.endpointName = endpointName }

  package var subject: String { endpointName }
  package var input: OperationInput { ["EndpointName": endpointName] }

  package func outputIfReached(after error: AWSError, with client: ControlClient) -> Output? {
    error.isNotFound ? .done : nil
  }
}

/// Lists the endpoints of the account in the region.
///
/// `POST /`, `SageMaker.ListEndpoints`. 100 a page. Read only. Errors: `ThrottlingException`
/// (retried).
/// Source: https://docs.aws.amazon.com/sagemaker/latest/APIReference/API_ListEndpoints.html
package struct ListEndpoints: JSONOperation, PagedOperation {
  package struct Item: ResponseShape {
    package let name: String
    package let status: String
    /// Unix seconds.
    package let lastModified: Double?

    package init(_ fields: ResponseFields) throws(MalformedResponse) {
      name = try fields.string("EndpointName")
      status = try fields.string("EndpointStatus")
      lastModified = fields.optionalDouble("LastModifiedTime")
    }
  }

  package static let itemsKey = "Endpoints"
  package static let nextTokenKey = "NextToken"
  package static let service = ControlService.sageMaker
  package var pageToken: String?

  package init() {}

  package var subject: String { "" }
  package var input: OperationInput { ["MaxResults": 100, "NextToken": pageToken] }
}
