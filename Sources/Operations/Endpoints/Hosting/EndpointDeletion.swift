import AWSClient
import AWSControl

/// Deletes an endpoint with its scaling, configuration and models, but nothing that others use.
///
/// Others are the account's other endpoints (for the configuration) and other configurations (for
/// the models) in the region. Batch transform jobs and inference components that name a model are
/// not checked.
package struct EndpointDeletion: Sendable {
  package struct Plan: Sendable, Equatable {
    package let endpointName: String
    /// Whether the endpoint is still to be deleted: false when an earlier run has done that.
    package let deletesEndpoint: Bool
    /// Whether the endpoint no longer exists, so that nothing is waited for.
    package var isGone = false
    /// Variants that are registered for scaling.
    package var scaledVariants: [String] = []
    package var configurationNames: [String] = []
    package var modelNames: [String] = []
    /// What is kept, each with the reason.
    package var kept: [String] = []
  }

  /// Decides what to delete. After an interrupted deletion the rest is found by the names that
  /// `EndpointCreation` and `EndpointUpdate` give.
  ///
  /// - Throws: `Refusal` when the endpoint does not exist and has left nothing, or cannot be deleted
  ///   now; `AWSError`.
  package static func plan(
    endpointName: String, keepsModel: Bool, with client: ControlClient
  ) throws -> Plan {
    guard let endpoint = try client.endpoint(named: endpointName) else {
      return try rest(of: endpointName, keepsModel: keepsModel, with: client)
    }
    guard !["Creating", "Updating", "SystemUpdating", "RollingBack"].contains(endpoint.status)
    else {
      throw Refusal(
        "Endpoint \(endpointName) is \(endpoint.status) and can be deleted only when InService or Failed"
      )
    }
    var plan = Plan(endpointName: endpointName, deletesEndpoint: endpoint.status != "Deleting")
    plan.scaledVariants = try ScalingState.read(
      endpoint.variants.map {
        ScalableResource.variantInstances(endpointName: endpointName, variant: $0.name)
      }, with: client
    ).keys.compactMap { $0.split(separator: "/").last.map(String.init) }.sorted()
    guard let name = endpoint.endpointConfigName,
      let configuration = try configuration(name, with: client)
    else {
      plan.kept = ["the configuration no longer exists, so that its models are unknown"]
      return plan
    }
    if let user = try userOfConfiguration(configuration, but: endpointName, with: client) {
      plan.kept = ["configuration \(name) and its models: endpoint \(user) uses them too"]
      return plan
    }
    plan.configurationNames = [name]
    try addModels(configuration.modelNames, to: &plan, keepsModel: keepsModel, with: client)
    return plan
  }

  /// What an interrupted deletion has left.
  private static func rest(
    of endpointName: String, keepsModel: Bool, with client: ControlClient
  ) throws -> Plan {
    let orphans = try EndpointOrphans.find(
      endpointName: endpointName, minimumAgeSeconds: nil, with: client)
    guard !orphans.configurationNames.isEmpty || !orphans.modelNames.isEmpty else {
      throw Refusal(
        "Endpoint \(endpointName) does not exist", advice: "Check the name and --region")
    }
    var plan = Plan(endpointName: endpointName, deletesEndpoint: false, isGone: true)
    plan.configurationNames = orphans.configurationNames
    try addModels(orphans.modelNames, to: &plan, keepsModel: keepsModel, with: client)
    return plan
  }

  private static func addModels(
    _ models: [String], to plan: inout Plan, keepsModel: Bool, with client: ControlClient
  ) throws {
    if keepsModel {
      plan.kept += models.map { "model \($0): --keep-model" }
      return
    }
    let found = try ModelUsers.split(models, but: Set(plan.configurationNames), with: client)
    plan.modelNames += found.unused
    plan.kept += found.kept
  }

  private static func configuration(
    _ name: String, with client: ControlClient
  ) throws -> DescribeEndpointConfig.Output? {
    do {
      return try client.read(DescribeEndpointConfig(endpointConfigName: name))
    } catch let error as AWSError where error.isNotFound {
      return nil
    }
  }

  /// Endpoints that were last changed before the configuration existed cannot use it.
  private static func userOfConfiguration(
    _ configuration: DescribeEndpointConfig.Output, but endpointName: String,
    with client: ControlClient
  ) throws -> String? {
    let reads = ReadGroup(client)
    let others = try client.all(ListEndpoints()).filter { endpoint in
      endpoint.name != endpointName
        && endpoint.lastModified.isAtLeast(configuration.creation)
    }.map { ($0.name, reads.add(DescribeEndpoint(endpointName: $0.name))) }
    try reads.run()
    return try others.first { _, endpoint in
      guard let endpoint = try endpoint.unlessGone() else { return false }
      return [endpoint.endpointConfigName, endpoint.pendingConfigName].contains(configuration.name)
    }?.0
  }
}

extension EndpointDeletion.Plan {
  /// Deletes the endpoint and its instances; `finish` follows.
  ///
  /// - Throws: `AWSError`.
  package func start(with client: ControlClient) throws {
    guard deletesEndpoint else { return }
    for variant in scaledVariants {
      let resource = ScalableResource.variantInstances(
        endpointName: endpointName, variant: variant)
      try client.write(DeregisterScalableTarget(resource: resource))
    }
    try client.write(DeleteEndpoint(endpointName: endpointName))
  }

  /// Waits until the endpoint is deleted, then deletes configurations and models. Deleted earlier,
  /// charges could continue for instances that can no longer be determined.
  ///
  /// - Throws: `Refusal` when it cannot be deleted; `Interrupted`; `AWSError`.
  package func finish(with client: ControlClient, waiter: Waiter) throws {
    if !client.isDryRun {
      var hasBegun = false
      try waiter.wait(for: "endpoint \(endpointName) to be deleted") {
        guard let endpoint = try client.endpoint(named: endpointName) else { return .done(()) }
        // Before that, status and FailureReason may be those of earlier times.
        guard endpoint.status == "Deleting" || !hasBegun else {
          throw Refusal(
            "Endpoint \(endpointName) was not deleted and is \(endpoint.status): "
              + (endpoint.failureReason ?? "no reason given"))
        }
        hasBegun = endpoint.status == "Deleting"
        return .pending(endpoint.status)
      }
    }
    for name in configurationNames { try client.write(DeleteEndpointConfig(name: name)) }
    for model in modelNames { try client.write(DeleteModel(name: model)) }
  }
}
