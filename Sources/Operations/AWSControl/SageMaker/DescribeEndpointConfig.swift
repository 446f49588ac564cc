import JSON

/// Reads an endpoint configuration: which model on what.
///
/// `POST /`, `SageMaker.DescribeEndpointConfig`. Read only. Errors: `ValidationException` (also for
/// one that does not exist).
/// Source: https://docs.aws.amazon.com/sagemaker/latest/APIReference/API_DescribeEndpointConfig.html
package struct DescribeEndpointConfig: JSONOperation, ReadOperation {
  package struct Output: ResponseShape {
    package let name: String
    package let arn: String
    /// Unix seconds.
    package let creation: Double?
    package let variants: [Variant]
    /// Nil for a real-time or serverless endpoint.
    package let asynchronous: AsynchronousConfiguration?
    /// The response as received, to create a similar one.
    package let json: JSONValue

    package init(_ fields: ResponseFields) throws(MalformedResponse) {
      json = fields.json
      name = try fields.string("EndpointConfigName")
      arn = fields.optionalString("EndpointConfigArn") ?? ""
      creation = fields.optionalDouble("CreationTime")
      variants = try fields.list("ProductionVariants")
      asynchronous = try fields.object("AsyncInferenceConfig")
    }

    package var kind: EndpointKind {
      if asynchronous != nil { return .asynchronous }
      return variants.contains { $0.serverless != nil } ? .serverless : .realTime
    }

    /// Production and shadow variants' models, each once.
    package var modelNames: [String] {
      let variants =
        (json["ProductionVariants"]?.arrayValue ?? [])
        + (json["ShadowProductionVariants"]?.arrayValue ?? [])
      var names: [String] = []
      for variant in variants {
        if let name = variant["ModelName"]?.stringValue, !names.contains(name) {
          names.append(name)
        }
      }
      return names
    }
  }

  package struct Variant: ResponseShape {
    package let name: String
    /// The model; nil when inference components are used.
    package let modelName: String?
    /// For example `ml.m5.xlarge`; nil when it is serverless.
    package let instanceType: String?
    package let initialInstanceCount: Int?
    /// Nil for a variant of instances.
    package let serverless: ServerlessConfiguration?

    package init(_ fields: ResponseFields) throws(MalformedResponse) {
      name = try fields.string("VariantName")
      modelName = fields.optionalString("ModelName")
      instanceType = fields.optionalString("InstanceType")
      initialInstanceCount = fields.optionalInteger("InitialInstanceCount")
      serverless = try fields.object("ServerlessConfig")
    }
  }

  package static let service = ControlService.sageMaker
  /// The configuration, 1 to 63 characters.
  package let endpointConfigName: String

  package init(endpointConfigName: String) { self.endpointConfigName = endpointConfigName }

  package var subject: String { endpointConfigName }
  package var input: OperationInput { ["EndpointConfigName": endpointConfigName] }
}
