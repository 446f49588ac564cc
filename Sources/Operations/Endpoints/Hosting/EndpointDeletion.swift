import AWSClient
import AWSControl

/// Deletes an endpoint with its scaling, alarm, configuration and models, but nothing that others
/// use.
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
    /// Registered for scaling.
    package var scaledResources: [ScalableResource] = []
    /// Alarms that start an instance of an asynchronous endpoint.
    package var alarmNames: [String] = []
    package var configurationNames: [String] = []
    package var modelNames: [String] = []
    /// What is kept, each with the reason.
    package var kept: [String] = []
    /// What could not be read.
    package var notes: [String] = []
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
    let configuration = try endpoint.endpointConfigName.flatMap {
      try self.configuration($0, with: client)
    }
    let resources = endpoint.variants.compactMap { variant -> ScalableResource? in
      let configured = configuration?.variants.first { $0.name == variant.name }
      let serverless = variant.effectiveServerless(configured)
      // Without provisioned concurrency there is nothing that could be registered.
      if let serverless, serverless.provisionedConcurrency == nil { return nil }
      return .variant(variant.name, ofEndpoint: endpointName, isServerless: serverless != nil)
    }
    let registered = try ScalingState.read(resources, with: client)
    plan.scaledResources = resources.filter { registered[$0.resourceID] != nil }
    // Unknown without the configuration.
    if configuration?.kind ?? .asynchronous == .asynchronous {
      try addAlarms(to: &plan, with: client)
    }
    guard let name = endpoint.endpointConfigName, let configuration else {
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
    var plan = Plan(endpointName: endpointName, deletesEndpoint: false, isGone: true)
    try addAlarms(to: &plan, with: client)
    guard
      !orphans.configurationNames.isEmpty || !orphans.modelNames.isEmpty
        || !plan.alarmNames.isEmpty
    else {
      throw Refusal(
        "Endpoint \(endpointName) does not exist", advice: "Check the name and --region")
    }
    plan.configurationNames = orphans.configurationNames
    try addModels(orphans.modelNames, to: &plan, keepsModel: keepsModel, with: client)
    return plan
  }

  private static func addAlarms(to plan: inout Plan, with client: ControlClient) throws {
    let name = plan.endpointName
    plan.alarmNames =
      try client.attempt("The alarm that starts an instance", notes: &plan.notes) {
        try ScaleFromZero.alarmNames(ofEndpoint: name, with: client)
      } ?? []
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
  /// Ends the scaling, deletes its alarms, then the endpoint with its instances; `finish` follows.
  ///
  /// - Throws: `AWSError`.
  package func start(with client: ControlClient) throws {
    if deletesEndpoint {
      for resource in scaledResources {
        try client.write(DeregisterScalableTarget(resource: resource))
      }
    }
    for name in alarmNames { try client.write(DeleteAlarms(name: name)) }
    if deletesEndpoint { try client.write(DeleteEndpoint(endpointName: endpointName)) }
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
