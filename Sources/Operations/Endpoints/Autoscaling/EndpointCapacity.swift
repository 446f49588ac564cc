import AWSControl

/// Instances and weights of an endpoint's variants, set by hand.
package enum EndpointCapacity {
  /// Sets a variant's instance count, unless it is so already, and waits until the instances serve.
  ///
  /// - Parameters:
  ///   - count: 1 or more.
  ///   - waiter: nil does not wait.
  /// - Returns: what was done, and warnings.
  /// - Throws: `Refusal` for a serverless variant, a count outside of the bounds of its scaling, an endpoint that
  ///   is not in service or fails; `Interrupted`, while SageMaker goes on.
  package static func setInstances(
    _ count: Int, ofEndpoint endpointName: String, variant: String?, with client: ControlClient,
    waiter: Waiter?
  ) throws -> (changed: Bool, variant: String, warnings: [String]) {
    let endpoint = try EndpointState.read(endpointName: endpointName, with: client)
    let found = try endpoint.variant(variant)
    if found.isServerless {
      throw Refusal("\(found.name) is serverless and has no instances to count")
    }
    guard count >= 1 else {
      throw Refusal(
        "\(found.name) needs 1 instance at least", advice: "Delete the endpoint to pay for none")
    }
    var warnings: [String] = []
    let resource = EndpointReport.resource(endpointName, found.name)
    let scaling = try client.attempt("\(found.name)'s autoscaling", notes: &warnings) {
      try client.all(DescribeScalableTargets(resource: resource)).first
    }
    if let bounds = scaling?.flatMap({ $0 }) {
      guard (bounds.minimumCapacity...bounds.maximumCapacity).contains(count) else {
        throw Refusal(
          "\(found.name) is scaled between \(bounds.minimumCapacity) and \(bounds.maximumCapacity) instances: "
            + "\(count) would be undone",
          advice: "Change the bounds with endpoint autoscale, or end it with endpoint autoscale off"
        )
      }
      warnings.append(
        "\(found.name) is scaled between \(bounds.minimumCapacity) and \(bounds.maximumCapacity): its policy may "
          + "change the count again")
    }
    if found.desiredInstanceCount == count {
      // Somebody who ran it before and did not wait wants to see the end of it.
      if !found.isSettled { try waiter.map { try wait(endpointName, with: client, waiter: $0) } }
      return (false, found.name, warnings)
    }
    try change(
      endpoint, [.init(variant: found.name, instanceCount: count)], with: client, waiter: waiter)
    return (true, found.name, warnings)
  }

  /// Sets weights of variants, unless they are so already, and waits until they hold.
  ///
  /// - Parameter weights: by variant, 0 or more; a variant's share is its weight over the sum of all.
  /// - Returns: whether anything changed, and every variant's weight afterwards.
  /// - Throws: `Refusal` for a variant that is not there, a negative weight, nothing but zeros.
  package static func setWeights(
    _ weights: [String: Double], ofEndpoint endpointName: String, with client: ControlClient,
    waiter: Waiter?
  ) throws -> (changed: Bool, weights: [(variant: String, weight: Double)]) {
    let endpoint = try EndpointState.read(endpointName: endpointName, with: client)
    for (name, weight) in weights.sorted(by: { $0.key < $1.key }) {
      _ = try endpoint.variant(name)
      guard weight >= 0, weight.isFinite else {
        throw Refusal("\(name)'s weight is \(weight), and has to be 0 or more")
      }
    }
    let afterwards = endpoint.variants.map {
      (variant: $0.name, weight: weights[$0.name] ?? $0.desiredWeight ?? 0)
    }
    guard afterwards.contains(where: { $0.weight > 0 }) else {
      throw Refusal("Every weight would be 0: no variant would get any traffic")
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

  private static func wait(
    _ endpointName: String, with client: ControlClient, waiter: Waiter
  ) throws {
    try waiter.wait(for: "the endpoint \(endpointName) to be in service") {
      let endpoint = try client.read(DescribeEndpoint(endpointName: endpointName))
      if endpoint.status == "InService" { return .done(()) }
      guard ["Updating", "SystemUpdating", "Creating"].contains(endpoint.status) else {
        throw Refusal(
          "The endpoint \(endpointName) is \(endpoint.status): "
            + (endpoint.failureReason ?? "SageMaker gives no reason"),
          advice: endpoint.status == "RollingBack"
            ? "It goes back to what it was; look at endpoint show" : "")
      }
      let counts = endpoint.variants.map {
        "\($0.name) \($0.currentInstanceCount ?? 0)/\($0.desiredInstanceCount ?? 0)"
      }
      return .pending("\(endpoint.status), \(counts.joined(separator: ", "))")
    }
  }
}
