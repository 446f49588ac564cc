import AWSControl

/// Deploys a zip: uploads, publishes, provisions, moves the traffic by steps, and rolls back when
/// the new version fails its limits.
///
/// Progress is read from AWS, never from a file: an interrupted deployment resumes when it is run
/// again. docs/operations-deploy.md explains the order of the steps.
package final class Deployment {
  package struct Request: Sendable {
    package var functionName: String
    package var alias: String
    package var package: DeploymentPackage
    package var traffic: TrafficPlan
    package var limits: HealthLimits
    package var watches: Bool
    /// How long the new version is monitored after full cutover.
    package var bake: Interval
    /// Whether provisioned concurrency may move from the alias to the versions, which makes weights
    /// possible.
    package var movesProvisioned: Bool
    /// Whether the old version keeps its provisioned concurrency.
    package var keepsOldProvisioned: Bool

    package init(functionName: String, alias: String, package: DeploymentPackage) {
      self.functionName = functionName
      self.alias = alias
      self.package = package
      traffic = .allAtOnce
      limits = HealthLimits()
      watches = true
      bake = Interval(milliseconds: 0)
      movesProvisioned = false
      keepsOldProvisioned = false
    }
  }

  package struct Outcome: Sendable, Equatable {
    /// The version that has the traffic; in a dry run an estimated number.
    package let version: String
    /// The version before; nil for the first one.
    package let previous: String?
    /// Whether anything changed.
    package let isChanged: Bool
  }

  let request: Request
  let client: ControlClient
  let waiter: Waiter
  /// Receives a line for each completed step.
  let report: (String) -> Void
  let warn: (String) -> Void
  let editor: AliasEditor
  /// The function's name, also when its ARN was given.
  var bareName: String
  /// Kept current, for the message of an interruption.
  var progress = Progress()

  /// Nothing is done before `run`.
  package init(
    _ request: Request, with client: ControlClient, _ waiter: Waiter,
    report: @escaping (String) -> Void, warn: @escaping (String) -> Void
  ) {
    self.request = request
    bareName = request.functionName
    self.client = client
    self.waiter = waiter
    self.report = client.isDryRun ? { report("Dry run: \($0)") } : report
    self.warn = warn
    editor = AliasEditor(
      functionName: request.functionName, alias: request.alias, client: client)
  }

  var functionName: String { request.functionName }

  /// Runs the deployment.
  ///
  /// - Throws: `Refusal` before anything was done; `RolledBack`; `DeploymentStopped`; `AWSError`.
  package func run() throws -> Outcome {
    let function = try checkFunction()
    bareName = function.configuration.functionName
    let live = try readLive()
    try refuseWhatCannotWork(live, reserved: function.reservedConcurrentExecutions)
    do {
      let version = try provideVersion(function.configuration)
      return try bringIntoService(version, live)
    } catch let error as RolledBack {
      throw error
    } catch {
      guard let state = progress.text(request) else { throw error }
      throw DeploymentStopped(cause: error, state: state)
    }
  }

  /// What has the traffic, after Lambda has finished moving it.
  private func readLive() throws -> Live {
    let live = try Live(
      try editor.readIfPresent(), functionName: functionName, with: client)
    guard live.onAlias != nil, live.alias?.additionalVersionWeights.isEmpty == false,
      !client.isDryRun
    else { return live }
    try Readiness.waitForAlias(editor, with: client, waiter)
    return try Live(try editor.readIfPresent(), functionName: functionName, with: client)
  }

  private func bringIntoService(_ version: String, _ live: Live) throws -> Outcome {
    guard let alias = live.alias else {
      try client.write(
        CreateAlias(
          functionName: functionName, alias: request.alias, functionVersion: version))
      report("\(request.alias): created, at version \(version)")
      return Outcome(version: version, previous: nil, isChanged: true)
    }
    if alias.functionVersion == version {
      return try finish(version, live)
    }
    if let other = alias.additionalVersionWeights.keys.first, other != version {
      throw anotherDeployment(alias)
    }
    let old = alias.functionVersion
    try provision(version, old: old, live)
    try moveTraffic(to: version, from: alias)
    try release(old, keeping: version, of: live)
    return Outcome(version: version, previous: old, isChanged: true)
  }

  func anotherDeployment(_ alias: AliasConfiguration) -> Refusal {
    Refusal(
      "Alias \(request.alias) is at \(AliasState(alias).text), which belongs to another deployment",
      advice: "Use alias promote or alias rollback first")
  }

  /// The alias is already at the version: a second run, possibly after one that was interrupted at
  /// the end.
  private func finish(_ version: String, _ live: Live) throws -> Outcome {
    let previous = live.alias.flatMap { AliasMemory(description: $0.description).previous }
    if let previous { try release(previous, keeping: version, of: live) }
    report("\(request.alias): already at version \(version), which is \(request.package.path)")
    return Outcome(version: version, previous: previous, isChanged: false)
  }
}
