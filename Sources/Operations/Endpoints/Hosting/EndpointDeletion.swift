import AWSClient
import AWSControl

/// Takes an endpoint away, with its scaling, its configuration and its models, but nothing that others use.
///
/// Others are the account's other endpoints (for the configuration) and other configurations (for the models) in
/// the region. Batch transform jobs and inference components that name a model are not looked for.
package struct EndpointDeletion: Sendable {
  /// What would go.
  package struct Plan: Sendable, Equatable {
    /// The endpoint.
    package let endpointName: String
    /// Variants that are registered for scaling.
    package let scaledVariants: [String]
    /// Nil when it stays.
    package let configurationName: String?
    /// Those that go.
    package let modelNames: [String]
    /// What stays, each with the reason.
    package let kept: [String]
  }

  /// Looks what would go.
  ///
  /// - Throws: `Refusal` when there is no such endpoint, or it cannot be deleted now; `AWSError`.
  package static func plan(
    endpointName: String, keepsModel: Bool, with client: ControlClient
  ) throws -> Plan {
    guard let endpoint = try client.endpoint(named: endpointName) else {
      throw Refusal("There is no endpoint \(endpointName)", advice: "Check the name and --region")
    }
    guard !["Creating", "Updating", "SystemUpdating", "RollingBack"].contains(endpoint.status)
    else {
      throw Refusal(
        "Endpoint \(endpointName) is \(endpoint.status): AWS deletes none before it is InService or Failed"
      )
    }
    let scaled = try endpoint.variants.map(\.name).filter { variant in
      let resource = ScalableResource.variantInstances(
        endpointName: endpointName, variant: variant)
      return try !client.all(DescribeScalableTargets(resource: resource)).isEmpty
    }
    var kept: [String] = []
    guard let name = endpoint.endpointConfigName,
      let configuration = try configuration(name, with: client)
    else {
      return Plan(
        endpointName: endpointName, scaledVariants: scaled, configurationName: nil, modelNames: [],
        kept: ["the configuration is gone already, so its models are not known"])
    }
    if let user = try userOfConfiguration(name, but: endpointName, with: client) {
      kept.append("configuration \(name): endpoint \(user) uses it too, and its models")
      return Plan(
        endpointName: endpointName, scaledVariants: scaled, configurationName: nil, modelNames: [],
        kept: kept)
    }
    let models = Self.models(of: configuration)
    var goes: [String] = []
    if keepsModel {
      kept += models.map { "model \($0): as you wish" }
    } else if !models.isEmpty {
      let users = try usersOfModels(models, but: name, with: client)
      for model in models {
        if let user = users[model] {
          kept.append("model \(model): configuration \(user) names it too")
        } else {
          goes.append(model)
        }
      }
    }
    return Plan(
      endpointName: endpointName, scaledVariants: scaled, configurationName: name,
      modelNames: goes, kept: kept)
  }

  /// Production and shadow variants' models, each once.
  private static func models(of configuration: DescribeEndpointConfig.Output) -> [String] {
    let variants =
      (configuration.json["ProductionVariants"]?.arrayValue ?? [])
      + (configuration.json["ShadowProductionVariants"]?.arrayValue ?? [])
    var names: [String] = []
    for variant in variants {
      if let name = variant["ModelName"]?.stringValue, !names.contains(name) { names.append(name) }
    }
    return names
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

  private static func userOfConfiguration(
    _ name: String, but endpointName: String, with client: ControlClient
  ) throws -> String? {
    for endpoint in try client.all(ListEndpoints()) where endpoint.name != endpointName {
      if try client.endpoint(named: endpoint.name)?.endpointConfigName == name {
        return endpoint.name
      }
    }
    return nil
  }

  private static func usersOfModels(
    _ models: [String], but name: String, with client: ControlClient
  ) throws -> [String: String] {
    var users: [String: String] = [:]
    for other in try client.all(ListEndpointConfigs()) where other.name != name {
      guard let found = try configuration(other.name, with: client) else { continue }
      for model in Self.models(of: found) where models.contains(model) { users[model] = other.name }
    }
    return users
  }
}

extension EndpointDeletion.Plan {
  /// Deletes the endpoint; its instances go at once. What follows is `finish`.
  ///
  /// - Throws: `AWSError`.
  package func start(with client: ControlClient) throws {
    for variant in scaledVariants {
      let resource = ScalableResource.variantInstances(
        endpointName: endpointName, variant: variant)
      try client.write(DeregisterScalableTarget(resource: resource))
    }
    try client.write(DeleteEndpoint(endpointName: endpointName))
  }

  /// Waits until the endpoint is gone, then deletes configuration and models: earlier, a bill could go on whose
  /// instances nobody could name.
  ///
  /// - Throws: `Refusal` when it cannot be deleted; `Interrupted`; `AWSError`.
  package func finish(with client: ControlClient, waiter: Waiter) throws {
    if !client.isDryRun {
      try waiter.wait(for: "endpoint \(endpointName) to be gone") {
        guard let endpoint = try client.endpoint(named: endpointName) else { return .done(()) }
        guard endpoint.status == "Deleting" || endpoint.failureReason == nil else {
          throw Refusal(
            "Endpoint \(endpointName) is \(endpoint.status): \(endpoint.failureReason ?? "")")
        }
        return .pending(endpoint.status)
      }
    }
    if let configurationName {
      try ignoringNotFound { try client.write(DeleteEndpointConfig(name: configurationName)) }
    }
    for model in modelNames { try ignoringNotFound { try client.write(DeleteModel(name: model)) } }
  }

  /// Somebody else, or an earlier try, may have been faster.
  private func ignoringNotFound<Value>(_ delete: () throws -> Value) throws {
    do { _ = try delete() } catch let error as AWSError where error.isNotFound {}
  }
}
