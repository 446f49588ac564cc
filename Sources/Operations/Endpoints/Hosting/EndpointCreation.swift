import AWSControl

/// Creates model, configuration and endpoint of any kind.
package struct EndpointCreation: Sendable {
  /// 1 to 63 letters, digits and hyphens.
  package let endpointName: String
  /// `s3://…/model.tar.gz`.
  package let modelData: S3Location
  /// Role that reads image and archive and writes the log.
  package let roleARN: String
  package let hosting: CreateEndpointConfig.Hosting
  /// Makes the endpoint asynchronous.
  package var asynchronous: AsynchronousConfiguration?
  /// Of the function that will use an asynchronous endpoint; nil when unknown.
  package var trigger: UploadTrigger?
  /// 1 to 63 letters, digits and hyphens.
  package var variantName = "AllTraffic"
  /// The container; nil is AWS's PyTorch image for the region.
  package var image: String?
  /// The container's variables, besides the toolkit's own.
  package var environment: [String: String] = [:]
  package var network: ModelNetwork?
  /// Whether the container has no network.
  package var isNetworkIsolated = false
  package var kmsKeyID: String?
  /// For bills and policies.
  package var tags: [ResourceTag] = []

  /// A plan; the other properties are set as needed.
  package init(
    endpointName: String, modelData: S3Location, roleARN: String,
    hosting: CreateEndpointConfig.Hosting
  ) {
    self.endpointName = endpointName
    self.modelData = modelData
    self.roleARN = roleARN
    self.hosting = hosting
  }

  package var kind: EndpointKind {
    if asynchronous != nil { return .asynchronous }
    if case .serverless = hosting { return .serverless }
    return .realTime
  }

  /// Checks what SageMaker would refuse, minutes later, and what is known to go wrong; at most one
  /// read.
  ///
  /// - Returns: warnings.
  /// - Throws: `Refusal`.
  package func check(with client: ControlClient) throws -> [String] {
    try asynchronous?.check(against: trigger)
    if kind == .serverless {
      guard network == nil else {
        throw Refusal(
          "A serverless endpoint cannot run in a VPC",
          advice: "Leave out --subnet, or use instances")
      }
      guard !isNetworkIsolated else {
        throw Refusal(
          "A serverless endpoint cannot be isolated from the network",
          advice: "Leave out --network-isolation, or use instances")
      }
    }
    let model = try model("", region: client.configuration.region)
    return try ImageTraps(
      image: model.image, kind: kind, environment: model.environment, roleARN: roleARN
    ).check(with: client)
  }

  package struct Made: Sendable, Equatable {
    /// Model and configuration have the same name.
    package let configurationName: String
  }

  /// Creates all three; after a failure deletes what was created.
  ///
  /// - Parameter suffix: makes the names of model and configuration unique, for example
  ///   `20261122-190512`.
  /// - Throws: `AWSError`; `Refusal` when the endpoint exists, or there is no image for the region.
  package func run(suffix: String, with client: ControlClient) throws -> Made {
    if let endpoint = try client.endpoint(named: endpointName) {
      throw Refusal(
        "Endpoint \(endpointName) already exists and is \(endpoint.status)",
        advice: "Replace its model with `inferencectl endpoint update`, or choose another name")
    }
    let name = Self.name(endpointName, suffix)
    try client.write(try model(name, region: client.configuration.region))
    do {
      try client.write(
        CreateEndpointConfig(
          name: name,
          variant: .init(name: variantName, modelName: name, hosting: hosting),
          asynchronous: asynchronous, kmsKeyID: kmsKeyID, tags: tags))
      do {
        try client.write(
          CreateEndpoint(endpointName: endpointName, endpointConfigName: name, tags: tags))
      } catch {
        // The names are new, so nothing else uses them.
        _ = try? client.write(DeleteEndpointConfig(name: name))
        throw error
      }
    } catch {
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
      image = try PyTorchImage.uri(.inference, region: region, instanceType: hosting.processorOf)
    }
    var model = CreateModel(
      name: name, image: image, modelDataURI: String(describing: modelData),
      environment: Self.toolkitEnvironment(hosting).merging(environment) { $1 },
      roleARN: roleARN)
    model.network = network
    model.isNetworkIsolated = isNetworkIsolated ? true : nil
    model.tags = tags
    return model
  }

  /// The inference toolkit loads `code/inference.py` of the archive. TorchServe refuses bodies of more
  /// than 6,553,500 bytes with a bare 413 by default; SageMaker's limit is 25 MiB, and a request may
  /// take 60 s.
  /// Source: https://github.com/aws/sagemaker-pytorch-inference-toolkit and
  /// https://docs.pytorch.org/serve/configuration.html
  static func toolkitEnvironment(_ hosting: CreateEndpointConfig.Hosting) -> [String: String] {
    let variables = [
      "SAGEMAKER_PROGRAM": "inference.py", "SAGEMAKER_SUBMIT_DIRECTORY": "/opt/ml/model/code",
      "SAGEMAKER_CONTAINER_LOG_LEVEL": "20", "TS_MAX_REQUEST_SIZE": "26214400",
      "TS_MAX_RESPONSE_SIZE": "26214400", "SAGEMAKER_MODEL_SERVER_TIMEOUT": "60",
    ]
    let type: String? = if case .instances(let type, _) = hosting { type } else { nil }
    return variables.merging(workerVariables(instanceType: type)) { $1 }
  }

  /// One worker for each GPU: `model_fn` gets the GPU of its worker. One on a serverless endpoint,
  /// as AWS advises; with one for each processor, models of more than 512 MB do not load:
  /// https://github.com/philschmid/cdk-samples/issues/3
  ///
  /// - Parameter instanceType: nil for a serverless endpoint.
  static func workerVariables(instanceType: String?) -> [String: String] {
    guard let instanceType else {
      return Dictionary(uniqueKeysWithValues: ImageTraps.workerVariables.map { ($0, "1") })
    }
    return GPUCount.of(instanceType).map { [workers: String($0)] } ?? [:]
  }

  static let workers = "SAGEMAKER_MODEL_SERVER_WORKERS"

  /// At most 63 characters; the suffix stays whole.
  static func name(_ base: String, _ suffix: String) -> String {
    var head = base.prefix(63 - suffix.count - 1)
    while head.last == "-" { head = head.dropLast() }
    return "\(head)-\(suffix)"
  }
}

extension CreateEndpointConfig.Hosting {
  /// A type with the same kind of processor: serverless endpoints have x86 processors.
  var processorOf: String {
    if case .instances(let type, _) = self { type } else { "ml.m5.xlarge" }
  }
}
