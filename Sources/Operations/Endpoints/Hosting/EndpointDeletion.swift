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
    /// Variants that are registered for scaling.
    package let scaledVariants: [String]
    package let configurationName: String?
    package let modelNames: [String]
    /// What is kept, each with the reason.
    package let kept: [String]
  }

  /// Decides what to delete.
  ///
  /// - Throws: `Refusal` when the endpoint does not exist or cannot be deleted now; `AWSError`.
  package static func plan(
    endpointName: String, keepsModel: Bool, with client: ControlClient
  ) throws -> Plan {
    guard let endpoint = try client.endpoint(named: endpointName) else {
      throw Refusal(
        "Endpoint \(endpointName) does not exist", advice: "Check the name and --region")
    }
    guard !["Creating", "Updating", "SystemUpdating", "RollingBack"].contains(endpoint.status)
    else {
      throw Refusal(
        "Endpoint \(endpointName) is \(endpoint.status) and can be deleted only when InService or Failed"
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
        kept: ["the configuration no longer exists, so that its models are unknown"])
    }
    if let user = try userOfConfiguration(name, but: endpointName, with: client) {
      kept.append("configuration \(name) and its models: endpoint \(user) uses them too")
      return Plan(
        endpointName: endpointName, scaledVariants: scaled, configurationName: nil, modelNames: [],
        kept: kept)
    }
    let models = Self.models(of: configuration)
    var goes: [String] = []
    if keepsModel {
      kept += models.map { "model \($0): --keep-model" }
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
  /// Deletes the endpoint and its instances; `finish` follows.
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

  /// Waits until the endpoint is deleted, then deletes configuration and models. Deleted earlier,
  /// charges could continue for instances that can no longer be determined.
  ///
  /// - Throws: `Refusal` when it cannot be deleted; `Interrupted`; `AWSError`.
  package func finish(with client: ControlClient, waiter: Waiter) throws {
    if !client.isDryRun {
      try waiter.wait(for: "endpoint \(endpointName) to be deleted") {
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

  /// Another operator or an earlier attempt may have deleted it.
  private func ignoringNotFound<Value>(_ delete: () throws -> Value) throws {
    do { _ = try delete() } catch let error as AWSError where error.isNotFound {}
  }
}
