import AWSControl

/// What has the traffic when a deployment begins.
struct Live {
  /// The alias; nil before the first deployment.
  let alias: AliasConfiguration?
  let provisioned: [String: ProvisionedConcurrency]

  /// Reads alias and provisioned concurrency, after Lambda has finished moving them.
  static func waitUntilSettled(_ context: DeploymentContext) throws -> Live {
    let live = try Live(context)
    guard live.onAlias != nil, live.alias?.additionalVersionWeights.isEmpty == false,
      !context.client.isDryRun
    else { return live }
    try Readiness.waitForAlias(context.editor, with: context.client, context.waiter)
    return try Live(context)
  }

  private init(_ context: DeploymentContext) throws {
    alias = try context.editor.readIfPresent()
    let all = try context.client.provisionedConcurrency(ofFunction: context.functionName)
    provisioned = Dictionary(
      all.compactMap { configuration in configuration.qualifier.map { ($0, configuration) } },
      uniquingKeysWith: { $1 })
  }

  var memory: AliasMemory { AliasMemory(description: alias?.description ?? "") }
  var onAlias: ProvisionedConcurrency? { alias.flatMap { provisioned[$0.name] } }
  /// On the version that the alias points to.
  var onVersion: ProvisionedConcurrency? { alias.flatMap { provisioned[$0.functionVersion] } }
}
