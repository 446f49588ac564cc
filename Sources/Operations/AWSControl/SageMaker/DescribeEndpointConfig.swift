import JSON

/// Reads an endpoint configuration: which model on which instances.
///
/// `POST /`, `SageMaker.DescribeEndpointConfig`. Read only. Errors: `ValidationException` (also for one
/// that does not exist).
/// Source: https://docs.aws.amazon.com/sagemaker/latest/APIReference/API_DescribeEndpointConfig.html
public struct DescribeEndpointConfig: JSONOperation, ReadOperation {
  /// A configuration.
  public struct Output: ResponseShape {
    /// The name.
    public let name: String
    /// The variants.
    public let variants: [Variant]
    /// As it came, for who makes another one like it.
    public let json: JSONValue

    /// Reads the fields.
    public init(_ fields: ResponseFields) throws(MalformedResponse) {
      json = fields.json
      name = try fields.string("EndpointConfigName")
      variants = try fields.list("ProductionVariants")
    }
  }

  /// A variant as it is configured.
  public struct Variant: ResponseShape {
    /// The name.
    public let name: String
    /// The model; nil when inference components are used.
    public let modelName: String?
    /// As `ml.m5.xlarge`; nil when it is serverless.
    public let instanceType: String?
    /// Instances at the beginning.
    public let initialInstanceCount: Int?
    /// Whether it is serverless.
    public let isServerless: Bool

    /// Reads the fields.
    public init(_ fields: ResponseFields) throws(MalformedResponse) {
      name = try fields.string("VariantName")
      modelName = fields.optionalString("ModelName")
      instanceType = fields.optionalString("InstanceType")
      initialInstanceCount = fields.optionalInteger("InitialInstanceCount")
      isServerless = fields.json["ServerlessConfig"]?.objectValue != nil
    }
  }

  /// SageMaker.
  public static let service = ControlService.sageMaker
  /// The configuration, 1 to 63 characters.
  public let endpointConfigName: String

  /// A request.
  public init(endpointConfigName: String) { self.endpointConfigName = endpointConfigName }

  /// The configuration.
  public var subject: String { endpointConfigName }
  /// The name.
  public var input: OperationInput { ["EndpointConfigName": endpointConfigName] }
}
