import AWSControl
import AWSClient

/// Makes model, configuration and endpoint.
package struct EndpointCreation: Sendable {
  /// 1 to 63 letters, digits and hyphens.
  package let endpointName: String
  /// `s3://…/model.tar.gz`.
  package let modelData: S3Location
  /// Reads image and archive, writes the log.
  package let roleARN: String
  /// As `ml.m5.xlarge`.
  package let instanceType: String
  /// 1 or more.
  package var instanceCount = 1
  /// 1 to 63 letters, digits and hyphens.
  package var variantName = "AllTraffic"
  /// The container; nil is AWS's PyTorch image for the region.
  package var image: String?
  /// For the container, besides the toolkit's own.
  package var environment: [String: String] = [:]
  /// Nil: SageMaker's own network.
  package var network: ModelNetwork?
  /// No network at all for the container.
  package var isNetworkIsolated = false
  /// Encrypts the instances' disks.
  package var kmsKeyID: String?
  /// For bills and policies.
  package var tags: [ResourceTag] = []

  /// A plan; the other properties are set as needed.
  package init(
    endpointName: String, modelData: S3Location, roleARN: String, instanceType: String
  ) {
    self.endpointName = endpointName
    self.modelData = modelData
    self.roleARN = roleARN
    self.instanceType = instanceType
  }

  /// What was made.
  package struct Made: Sendable, Equatable {
    /// Model and configuration have the same name.
    package let configurationName: String
  }

  /// Makes all three; what was made before a failure is taken away again.
  ///
  /// - Parameter suffix: makes the names of model and configuration new, as `20261122-190512`.
  /// - Throws: `AWSError`; `Refusal` when there is such an endpoint, or no image for the region.
  package func run(suffix: String, with client: ControlClient) throws -> Made {
    if let endpoint = try client.endpoint(named: endpointName) {
      throw Refusal(
        "There is an endpoint \(endpointName) already: it is \(endpoint.status)",
        advice: "Give it another model with `inferencectl endpoint update`, or take another name")
    }
    let name = Self.name(endpointName, suffix)
    try client.write(try model(name, region: client.configuration.region))
    do {
      try client.write(
        CreateEndpointConfig(
          name: name,
          variant: .init(
            name: variantName, modelName: name, instanceType: instanceType,
            instanceCount: instanceCount), kmsKeyID: kmsKeyID, tags: tags))
      do {
        try client.write(
          CreateEndpoint(endpointName: endpointName, endpointConfigName: name, tags: tags))
      } catch let error as AWSError {
        // Nobody has seen these names yet, so nobody uses them.
        _ = try? client.write(DeleteEndpointConfig(name: name))
        throw error
      }
    } catch let error as AWSError {
      _ = try? client.write(DeleteModel(name: name))
      throw error
    }
    return Made(configurationName: name)
  }

  private func model(_ name: String, region: String) throws(Refusal) -> CreateModel {
    let image: String
    if let given = self.image {
      image = given
    } else {
      image = try PyTorchImage.uri(.inference, region: region, instanceType: instanceType)
    }
    var model = CreateModel(
      name: name, image: image, modelDataURI: String(describing: modelData),
      environment: Self.toolkitEnvironment.merging(environment) { $1 }, roleARN: roleARN)
    model.network = network
    model.isNetworkIsolated = isNetworkIsolated ? true : nil
    model.tags = tags
    return model
  }

  /// The archive has `code/inference.py`, where the inference toolkit looks.
  /// Source: https://github.com/aws/sagemaker-pytorch-inference-toolkit
  static let toolkitEnvironment = [
    "SAGEMAKER_PROGRAM": "inference.py", "SAGEMAKER_SUBMIT_DIRECTORY": "/opt/ml/model/code",
    "SAGEMAKER_CONTAINER_LOG_LEVEL": "20",
  ]

  /// At most 63 characters; the suffix stays whole.
  static func name(_ base: String, _ suffix: String) -> String {
    var head = base.prefix(63 - suffix.count - 1)
    while head.last == "-" { head = head.dropLast() }
    return "\(head)-\(suffix)"
  }
}
