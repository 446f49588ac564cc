/// Reads an endpoint and its variants as they are now.
///
/// `POST /`, `SageMaker.DescribeEndpoint`. Read only. Errors: `ValidationException` (also for an
/// endpoint that does not exist), `ThrottlingException`.
/// Source: https://docs.aws.amazon.com/sagemaker/latest/APIReference/API_DescribeEndpoint.html
package struct DescribeEndpoint: JSONOperation, ReadOperation {
  package struct Output: ResponseShape {
    package let endpointName: String
    package let endpointARN: String
    package let endpointConfigName: String?
    /// The configuration of an update in progress; nil without one.
    package let pendingConfigName: String?
    /// `InService`, `Creating`, `Updating`, `SystemUpdating`, `RollingBack`, `Failed`, ….
    package let status: String
    package let failureReason: String?
    package let variants: [Variant]

    package init(_ fields: ResponseFields) throws(MalformedResponse) {
      endpointName = try fields.string("EndpointName")
      endpointARN = try fields.string("EndpointArn")
      endpointConfigName = fields.optionalString("EndpointConfigName")
      pendingConfigName =
        fields.json["PendingDeploymentSummary"]?["EndpointConfigName"]?.stringValue
      status = try fields.string("EndpointStatus")
      failureReason = fields.optionalString("FailureReason")
      variants = try fields.list("ProductionVariants")
    }
  }

  package struct Variant: ResponseShape {
    package let name: String
    package let currentInstanceCount: Int?
    package let desiredInstanceCount: Int?
    /// Its weight among the variants now.
    package let currentWeight: Double?
    package let desiredWeight: Double?
    /// Memory and concurrency now; nil for a variant of instances.
    package let currentServerless: ServerlessConfiguration?
    package let desiredServerless: ServerlessConfiguration?

    package init(_ fields: ResponseFields) throws(MalformedResponse) {
      name = try fields.string("VariantName")
      currentInstanceCount = fields.optionalInteger("CurrentInstanceCount")
      desiredInstanceCount = fields.optionalInteger("DesiredInstanceCount")
      currentWeight = fields.optionalDouble("CurrentWeight")
      desiredWeight = fields.optionalDouble("DesiredWeight")
      currentServerless = try fields.object("CurrentServerlessConfig")
      desiredServerless = try fields.object("DesiredServerlessConfig")
    }
  }

  package static let service = ControlService.sageMaker
  /// The endpoint, 1 to 63 characters.
  package let endpointName: String

  package init(endpointName: String) { self.endpointName = endpointName }

  package var subject: String { endpointName }
  package var input: OperationInput { ["EndpointName": endpointName] }
}
