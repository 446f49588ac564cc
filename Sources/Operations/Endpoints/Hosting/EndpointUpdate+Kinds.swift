import AWSControl

extension EndpointUpdate {
  /// Checks what SageMaker refuses or does not document.
  ///
  /// - Throws: `Refusal`; `AWSError`.
  func refuseUnsupported(
    _ configuration: DescribeEndpointConfig.Output, _ variant: DescribeEndpointConfig.Variant,
    with client: ControlClient
  ) throws {
    if serverless != nil, variant.serverless == nil {
      throw Refusal(
        "Endpoint \(endpointName) has instances, and SageMaker does not convert it to serverless",
        advice: "Create another endpoint: inferencectl endpoint create --serverless memory=…,max=…")
    }
    if asynchronous != nil, configuration.asynchronous == nil {
      throw Refusal(
        "Endpoint \(endpointName) is \(configuration.kind.text), and a change to asynchronous is not documented",
        advice: "Create another endpoint: inferencectl endpoint create --async output=s3://…")
    }
    if let present = configuration.asynchronous, let asynchronous {
      try asynchronous.applied(to: present).check(against: trigger)
    }
    guard variant.serverless != nil else { return }
    if instanceCount != nil, instanceType == nil {
      throw Refusal(
        "The variant \(variant.name) of \(endpointName) is serverless: it has no instances",
        advice:
          "Change its concurrency with --serverless max=…, or give it instances with --instance-type"
      )
    }
    guard deployment.alarmNames.isEmpty else {
      throw Refusal(
        "SageMaker monitors no alarms while it updates a serverless endpoint",
        advice: "Leave out --alarm")
    }
    if instanceType != nil { try refuseRegistered(variant, with: client) }
  }

  /// The registration would outlive the provisioned concurrency.
  private func refuseRegistered(
    _ variant: DescribeEndpointConfig.Variant, with client: ControlClient
  ) throws {
    guard variant.serverless?.provisionedConcurrency != nil else { return }
    let resource = ScalableResource.variantConcurrency(
      endpointName: endpointName, variant: variant.name)
    guard try client.all(DescribeScalableTargets(resource: resource)).isEmpty else {
      throw Refusal(
        "The provisioned concurrency of \(variant.name) is autoscaled, and ends with the update",
        advice:
          "End the scaling first: inferencectl endpoint autoscale off --endpoint-name \(endpointName)"
      )
    }
  }

  /// The call that changes only the concurrency of a serverless endpoint, without another
  /// configuration and without cold starts.
  ///
  /// - Returns: nil when that is not all that changes, or nothing changes: `plan` decides then.
  /// - Throws: `Refusal` for a value outside of its limits, or of the bounds of the autoscaling.
  package func concurrencyChange(
    with client: ControlClient
  ) throws -> UpdateEndpointWeightsAndCapacities? {
    guard let serverless, modelData == nil, image == nil, instanceType == nil,
      instanceCount == nil, asynchronous == nil,
      let endpoint = try client.endpoint(named: endpointName), endpoint.status == "InService",
      let name = endpoint.endpointConfigName
    else { return nil }
    let configuration = try client.read(DescribeEndpointConfig(endpointConfigName: name))
    let variant = try chosenVariant(of: configuration)
    let state = endpoint.variants.first { $0.name == variant.name }
    guard let present = state?.effectiveServerless(variant) else { return nil }
    let wanted = try serverless.applied(to: present)
    // The configuration must have provisioned concurrency from the beginning, and none cannot be set.
    let keepsProvisioning =
      wanted.provisionedConcurrency == present.provisionedConcurrency
      || (wanted.provisionedConcurrency != nil
        && variant.serverless?.provisionedConcurrency != nil)
    guard wanted != present, wanted.memoryMegabytes == present.memoryMegabytes, keepsProvisioning
    else { return nil }
    if let provisioned = wanted.provisionedConcurrency,
      provisioned != present.provisionedConcurrency
    {
      try refuseOutsideBounds(provisioned, variant.name, with: client)
    }
    func changed(_ before: Int?, _ after: Int?) -> Int? { before == after ? nil : after }
    return UpdateEndpointWeightsAndCapacities(
      endpointName: endpointName,
      changes: [
        .init(
          variant: variant.name,
          maximumConcurrency: changed(present.maximumConcurrency, wanted.maximumConcurrency),
          provisionedConcurrency: changed(
            present.provisionedConcurrency, wanted.provisionedConcurrency))
      ])
  }

  private func refuseOutsideBounds(
    _ count: Int, _ variant: String, with client: ControlClient
  ) throws {
    let resource = ScalableResource.variantConcurrency(endpointName: endpointName, variant: variant)
    guard let bounds = try client.all(DescribeScalableTargets(resource: resource)).first,
      !(bounds.minimumCapacity...bounds.maximumCapacity).contains(count)
    else { return }
    throw Refusal(
      "The provisioned concurrency of \(variant) is scaled between \(bounds.minimumCapacity) and "
        + "\(bounds.maximumCapacity): \(count) would be reverted",
      advice:
        "Change the bounds with endpoint autoscale, or end the scaling with endpoint autoscale off")
  }
}
