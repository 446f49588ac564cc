import AWSControl

extension EndpointUpdate {
  /// The old model with another archive or image; a model is immutable.
  func newModel(
    _ name: String, of variant: DescribeEndpointConfig.Variant, _ model: DescribeModel.Output?
  ) throws -> CreateModel? {
    // A serverless endpoint has x86 processors.
    let (oldType, newType) = (
      variant.instanceType ?? "", instanceType ?? variant.instanceType ?? ""
    )
    let oldProcessor = InstanceProcessor(instanceType: oldType)
    let newProcessor = InstanceProcessor(instanceType: newType)
    let changesProcessor = oldProcessor != newProcessor
    let environment = model.map {
      Self.environment(
        $0.environment, from: variant.instanceType, to: instanceType ?? variant.instanceType)
    }
    // Also for the same URI: the archive may have been replaced.
    guard let model, let environment,
      modelData != nil || image != nil || changesProcessor || environment != model.environment
    else { return nil }
    guard let oldImage = model.image, let role = model.roleARN,
      let data = modelData.map(String.init(describing:)) ?? model.modelDataURI
    else {
      throw Refusal(
        "The model of \(endpointName) is not a single container with an archive and cannot be updated by this command"
      )
    }
    var image = self.image ?? oldImage
    if self.image == nil, changesProcessor {
      guard oldImage.contains("/pytorch-inference") else {
        throw Refusal(
          "\(newType) has \(newProcessor.description), \(oldType) has \(oldProcessor.description), "
            + "and \(oldImage) is not one of AWS's images",
          advice: "Pass the image for it with --image")
      }
      image = try PyTorchImage.uri(
        .inference, region: Self.region(ofImage: oldImage), instanceType: newType)
    }
    var created = CreateModel(
      name: name, image: image, modelDataURI: data, environment: environment, roleARN: role)
    created.network = model.network
    created.isNetworkIsolated = model.isNetworkIsolated
    created.tags = tags
    return created
  }

  /// The variables with the number of workers for the new instance type, unless it was set otherwise
  /// than `endpoint create` sets it for the old one.
  ///
  /// - Parameters:
  ///   - oldType: nil for a serverless endpoint.
  ///   - newType: likewise.
  private static func environment(
    _ variables: [String: String], from oldType: String?, to newType: String?
  ) -> [String: String] {
    guard oldType != newType, variables["SAGEMAKER_PROGRAM"] != nil else { return variables }
    let old = EndpointCreation.workerVariables(instanceType: oldType)
    guard variables[EndpointCreation.workers] == old[EndpointCreation.workers] else {
      return variables
    }
    return variables.filter { old[$0.key] != $0.value }
      .merging(EndpointCreation.workerVariables(instanceType: newType)) { $1 }
  }

  /// `us-east-1` of `763104351884.dkr.ecr.us-east-1.amazonaws.com/pytorch-inference:…`.
  private static func region(ofImage image: String) -> String {
    let parts = image.split(separator: ".", maxSplits: 4)
    return parts.count > 3 ? String(parts[3]) : ""
  }
}
