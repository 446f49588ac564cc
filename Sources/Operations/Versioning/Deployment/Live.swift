import AWSClient
import AWSControl

/// What has the traffic when a deployment begins.
struct Live {
  /// The alias; nil before the first deployment.
  let alias: AliasConfiguration?
  let provisioned: [String: ProvisionedConcurrency]

  /// Reads alias and provisioned concurrency, after Lambda has finished moving them.
  static func waitUntilSettled(_ context: DeploymentContext) throws -> Live {
    var live = try Live(context)
    if let alias = try live.restored(context) {
      live = Live(
        alias, try context.client.provisionedConcurrency(ofFunction: context.functionName))
    }
    guard live.onAlias != nil, live.alias?.additionalVersionWeights.isEmpty == false,
      !context.client.isDryRun
    else { return live }
    try Readiness.waitForAlias(context.editor, with: context.client, context.waiter)
    return try Live(context)
  }

  /// Provisions what an interrupted run removed from the alias. That Lambda refuses it must not keep a
  /// deployment from mending the function.
  ///
  /// - Returns: the alias afterwards; nil when nothing was done.
  private func restored(_ context: DeploymentContext) throws -> AliasConfiguration? {
    // A move to the versions continues instead.
    guard let alias, let count = memory.deprovisioned, !context.request.movesProvisioned else {
      return nil
    }
    do {
      let (now, restored) = try context.provisioning.restore(alias)
      if let restored {
        context.report(
          "\(context.alias): \(restored) provisioned again, which an interrupted run had removed")
      }
      return now
    } catch let error as AWSError {
      context.warn(
        "the provisioned concurrency of alias \(context.alias) (\(count)), which an interrupted run had removed, "
          + "could not be restored: \(error). To restore it: \(context.provisionCommand(count))")
      return nil
    }
  }

  private init(_ context: DeploymentContext) throws {
    self.init(
      try context.editor.readIfPresent(),
      try context.client.provisionedConcurrency(ofFunction: context.functionName))
  }

  private init(_ alias: AliasConfiguration?, _ all: [ProvisionedConcurrency]) {
    self.alias = alias
    provisioned = Dictionary(
      all.compactMap { configuration in configuration.qualifier.map { ($0, configuration) } },
      uniquingKeysWith: { $1 })
  }

  var memory: AliasMemory { AliasMemory(description: alias?.description ?? "") }
  var onAlias: ProvisionedConcurrency? { alias.flatMap { provisioned[$0.name] } }
  /// Environments of the alias itself, also those that an interrupted run removed.
  var countOfAlias: Int? { onAlias?.requested ?? memory.deprovisioned }
  /// On the version that the alias points to.
  var onVersion: ProvisionedConcurrency? { alias.flatMap { provisioned[$0.functionVersion] } }
}
