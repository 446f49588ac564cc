import AWSControl

/// Sets instance counts and weights of an endpoint's variants.
package enum EndpointCapacity {
  /// Sets a variant's instance count, unless nothing would change, and waits until the instances
  /// serve.
  ///
  /// - Parameters:
  ///   - count: 1 or more, 0 for an asynchronous endpoint.
  ///   - waiter: nil does not wait.
  /// - Returns: whether anything changed, and warnings.
  /// - Throws: `Refusal` for a serverless variant, a count outside the bounds of its scaling, an
  ///   endpoint that is not in service or fails; `Interrupted`, while SageMaker continues.
  package static func setInstances(
    _ count: Int, ofEndpoint endpointName: String, variant: String?, with client: ControlClient,
    waiter: Waiter?
  ) throws -> (changed: Bool, variant: String, warnings: [String]) {
    let endpoint = try EndpointState.read(endpointName: endpointName, with: client)
    let found = try endpoint.variant(variant)
    if found.isServerless {
      throw Refusal(
        "\(found.name) is serverless and has no instances",
        advice: "To change its concurrency: endpoint update --serverless max=\(max(count, 1))")
    }
    guard count >= endpoint.kind.lowestMinimum else {
      throw Refusal(
        "\(found.name) needs at least 1 instance", advice: "To pay for none, delete the endpoint")
    }
    var warnings: [String] = []
    if count == 0 {
      warnings.append(
        "Without an instance requests wait in the queue until they expire. To start one when requests wait: "
          + "endpoint autoscale --min 0")
    }
    let resource = endpoint.resource(of: found)
    let scaling = try client.attempt("\(found.name)'s autoscaling", notes: &warnings) {
      try client.all(DescribeScalableTargets(resource: resource)).first
    }
    if let bounds = scaling?.flatMap({ $0 }) {
      guard (bounds.minimumCapacity...bounds.maximumCapacity).contains(count) else {
        throw Refusal(
          "\(found.name) is scaled between \(bounds.minimumCapacity) and \(bounds.maximumCapacity) instances: "
            + "\(count) would be reverted",
          advice:
            "Change the bounds with endpoint autoscale, or end the scaling with endpoint autoscale off"
        )
      }
      warnings.append(
        "\(found.name) is scaled between \(bounds.minimumCapacity) and \(bounds.maximumCapacity): its policy may "
          + "change the count again")
    }
    if found.desiredInstanceCount == count {
      // An earlier run may not have waited: wait for its end.
      if !found.isSettled { try waiter.map { try wait(endpointName, with: client, waiter: $0) } }
      return (false, found.name, warnings)
    }
    try change(
      endpoint, [.init(variant: found.name, instanceCount: count)], with: client, waiter: waiter)
    return (true, found.name, warnings)
  }

  /// Sets weights of variants, unless nothing would change, and waits until they are in effect.
  ///
  /// - Parameter weights: by variant, 0 or more; a variant's share is its weight over the sum of
  ///   all.
  /// - Returns: whether anything changed, and every variant's weight afterwards.
  /// - Throws: `Refusal` for an unknown variant, a negative weight, or only zeros.
  package static func setWeights(
    _ weights: [String: Double], ofEndpoint endpointName: String, with client: ControlClient,
    waiter: Waiter?
  ) throws -> (changed: Bool, weights: [(variant: String, weight: Double)]) {
    let endpoint = try EndpointState.read(endpointName: endpointName, with: client)
    for (name, weight) in weights.sorted(by: { $0.key < $1.key }) {
      _ = try endpoint.variant(name)
      guard weight >= 0, weight.isFinite else {
        throw Refusal("The weight of \(name) is \(weight) and must be 0 or more")
      }
    }
    let afterwards = endpoint.variants.map {
      (variant: $0.name, weight: weights[$0.name] ?? $0.desiredWeight ?? 0)
    }
    guard afterwards.contains(where: { $0.weight > 0 }) else {
      throw Refusal("Every weight would be 0, and no variant would get traffic")
    }
    let changes = endpoint.variants.compactMap { variant in
      weights[variant.name].flatMap { weight in
        weight == variant.desiredWeight
          ? nil
          : UpdateEndpointWeightsAndCapacities.Change(variant: variant.name, weight: weight)
      }
    }
    if changes.isEmpty {
      if endpoint.variants.contains(where: { !$0.isSettled }) {
        try waiter.map { try wait(endpointName, with: client, waiter: $0) }
      }
      return (false, afterwards)
    }
    try change(endpoint, changes, with: client, waiter: waiter)
    return (true, afterwards)
  }

  private static func change(
    _ endpoint: EndpointState, _ changes: [UpdateEndpointWeightsAndCapacities.Change],
    with client: ControlClient, waiter: Waiter?
  ) throws {
    try endpoint.requireInService()
    let answer = try client.write(
      UpdateEndpointWeightsAndCapacities(endpointName: endpoint.name, changes: changes))
    guard answer != nil, let waiter else { return }
    try wait(endpoint.name, with: client, waiter: waiter)
  }

  /// Waits until an endpoint is in service, and reports the number of instances.
  ///
  /// - Throws: `Refusal` with SageMaker's reason when the change fails; `Interrupted`; `AWSError`.
  package static func wait(
    _ endpointName: String, with client: ControlClient, waiter: Waiter
  ) throws {
    try waiter.wait(for: "endpoint \(endpointName) to be in service") {
      let endpoint = try client.read(DescribeEndpoint(endpointName: endpointName))
      if endpoint.status == "InService" { return .done(()) }
      guard ["Updating", "SystemUpdating", "Creating"].contains(endpoint.status) else {
        throw Refusal(
          "Endpoint \(endpointName) is \(endpoint.status): "
            + (endpoint.failureReason ?? "no reason given"),
          advice: endpoint.status == "RollingBack"
            ? "SageMaker restores the old configuration; endpoint show prints the progress" : "")
      }
      let counts = endpoint.variants.filter { $0.desiredServerless == nil }.map {
        "\($0.name) \($0.currentInstanceCount ?? 0)/\($0.desiredInstanceCount ?? 0)"
      }
      return .pending(([endpoint.status] + counts).joined(separator: ", "))
    }
  }
}
