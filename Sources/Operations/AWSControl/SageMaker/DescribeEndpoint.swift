/// Reads an endpoint and its variants as they are now.
///
/// `POST /`, `SageMaker.DescribeEndpoint`. Read only. Errors: `ValidationException` (also for an endpoint
/// that does not exist), `ThrottlingException`.
/// Source: https://docs.aws.amazon.com/sagemaker/latest/APIReference/API_DescribeEndpoint.html
public struct DescribeEndpoint: JSONOperation, ReadOperation {
  /// An endpoint.
  public struct Output: ResponseShape {
    /// The name.
    public let endpointName: String
    /// The ARN.
    public let endpointARN: String
    /// The configuration in force.
    public let endpointConfigName: String?
    /// `InService`, `Creating`, `Updating`, `SystemUpdating`, `RollingBack`, `Failed`, ….
    public let status: String
    /// Why it failed.
    public let failureReason: String?
    /// The variants.
    public let variants: [Variant]

    /// Reads the fields.
    public init(_ fields: ResponseFields) throws(MalformedResponse) {
      endpointName = try fields.string("EndpointName")
      endpointARN = try fields.string("EndpointArn")
      endpointConfigName = fields.optionalString("EndpointConfigName")
      status = try fields.string("EndpointStatus")
      failureReason = fields.optionalString("FailureReason")
      variants = try fields.list("ProductionVariants")
    }
  }

  /// A production variant.
  public struct Variant: ResponseShape {
    /// The name.
    public let name: String
    /// Instances that serve now.
    public let currentInstanceCount: Int?
    /// Instances that shall serve.
    public let desiredInstanceCount: Int?
    /// Its weight among the variants now.
    public let currentWeight: Double?
    /// Its weight to be.
    public let desiredWeight: Double?

    /// Reads the fields.
    public init(_ fields: ResponseFields) throws(MalformedResponse) {
      name = try fields.string("VariantName")
      currentInstanceCount = fields.optionalInteger("CurrentInstanceCount")
      desiredInstanceCount = fields.optionalInteger("DesiredInstanceCount")
      currentWeight = fields.optionalDouble("CurrentWeight")
      desiredWeight = fields.optionalDouble("DesiredWeight")
    }
  }

  /// SageMaker.
  public static let service = ControlService.sageMaker
  /// The endpoint, 1 to 63 characters.
  public let endpointName: String

  /// A request.
  public init(endpointName: String) { self.endpointName = endpointName }

  /// The endpoint.
  public var subject: String { endpointName }
  /// The name.
  public var input: OperationInput { ["EndpointName": endpointName] }
}
