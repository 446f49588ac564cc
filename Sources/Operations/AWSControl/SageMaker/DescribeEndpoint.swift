/// Reads an endpoint and its variants as they are now.
///
/// `POST /`, `SageMaker.DescribeEndpoint`. Read only. Errors: `ValidationException` (also for an endpoint
/// that does not exist), `ThrottlingException`.
/// Source: https://docs.aws.amazon.com/sagemaker/latest/APIReference/API_DescribeEndpoint.html
package struct DescribeEndpoint: JSONOperation, ReadOperation {
  /// An endpoint.
  package struct Output: ResponseShape {
    /// The name.
    package let endpointName: String
    /// The ARN.
    package let endpointARN: String
    /// The configuration in force.
    package let endpointConfigName: String?
    /// `InService`, `Creating`, `Updating`, `SystemUpdating`, `RollingBack`, `Failed`, ….
    package let status: String
    /// Why it failed.
    package let failureReason: String?
    /// The variants.
    package let variants: [Variant]

    /// Reads the fields.
    package init(_ fields: ResponseFields) throws(MalformedResponse) {
      endpointName = try fields.string("EndpointName")
      endpointARN = try fields.string("EndpointArn")
      endpointConfigName = fields.optionalString("EndpointConfigName")
      status = try fields.string("EndpointStatus")
      failureReason = fields.optionalString("FailureReason")
      variants = try fields.list("ProductionVariants")
    }
  }

  /// A production variant.
  package struct Variant: ResponseShape {
    /// The name.
    package let name: String
    /// Instances that serve now.
    package let currentInstanceCount: Int?
    /// Instances that shall serve.
    package let desiredInstanceCount: Int?
    /// Its weight among the variants now.
    package let currentWeight: Double?
    /// Its weight to be.
    package let desiredWeight: Double?

    /// Reads the fields.
    package init(_ fields: ResponseFields) throws(MalformedResponse) {
      name = try fields.string("VariantName")
      currentInstanceCount = fields.optionalInteger("CurrentInstanceCount")
      desiredInstanceCount = fields.optionalInteger("DesiredInstanceCount")
      currentWeight = fields.optionalDouble("CurrentWeight")
      desiredWeight = fields.optionalDouble("DesiredWeight")
    }
  }

  /// SageMaker.
  package static let service = ControlService.sageMaker
  /// The endpoint, 1 to 63 characters.
  package let endpointName: String

  /// A request.
  package init(endpointName: String) { self.endpointName = endpointName }

  /// The endpoint.
  package var subject: String { endpointName }
  /// The name.
  package var input: OperationInput { ["EndpointName": endpointName] }
}
