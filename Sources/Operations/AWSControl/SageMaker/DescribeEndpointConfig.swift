import JSON

/// Reads an endpoint configuration: which model on which instances.
///
/// `POST /`, `SageMaker.DescribeEndpointConfig`. Read only. Errors: `ValidationException` (also for one
/// that does not exist).
/// Source: https://docs.aws.amazon.com/sagemaker/latest/APIReference/API_DescribeEndpointConfig.html
package struct DescribeEndpointConfig: JSONOperation, ReadOperation {
  /// A configuration.
  package struct Output: ResponseShape {
    /// The name.
    package let name: String
    /// The variants.
    package let variants: [Variant]
    /// As it came, for who makes another one like it.
    package let json: JSONValue

    /// Reads the fields.
    package init(_ fields: ResponseFields) throws(MalformedResponse) {
      json = fields.json
      name = try fields.string("EndpointConfigName")
      variants = try fields.list("ProductionVariants")
    }
  }

  /// A variant as it is configured.
  package struct Variant: ResponseShape {
    /// The name.
    package let name: String
    /// The model; nil when inference components are used.
    package let modelName: String?
    /// As `ml.m5.xlarge`; nil when it is serverless.
    package let instanceType: String?
    /// Instances at the beginning.
    package let initialInstanceCount: Int?
    /// Whether it is serverless.
    package let isServerless: Bool

    /// Reads the fields.
    package init(_ fields: ResponseFields) throws(MalformedResponse) {
      name = try fields.string("VariantName")
      modelName = fields.optionalString("ModelName")
      instanceType = fields.optionalString("InstanceType")
      initialInstanceCount = fields.optionalInteger("InitialInstanceCount")
      isServerless = fields.json["ServerlessConfig"]?.objectValue != nil
    }
  }

  /// SageMaker.
  package static let service = ControlService.sageMaker
  /// The configuration, 1 to 63 characters.
  package let endpointConfigName: String

  /// A request.
  package init(endpointConfigName: String) { self.endpointConfigName = endpointConfigName }

  /// The configuration.
  package var subject: String { endpointConfigName }
  /// The name.
  package var input: OperationInput { ["EndpointConfigName": endpointConfigName] }
}
