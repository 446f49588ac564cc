import AWSControl

/// Brings a zip into service: upload, publish, provision, move the traffic by steps, and go back when the
/// new version does not pass.
///
/// What has been done is read from AWS, never from a file: a deployment that was interrupted goes on where
/// it was when it is run again. docs/operations-deploy.md says why the steps come in this order.
package final class Deployment {
  /// What to do.
  package struct Request: Sendable {
    /// The function.
    package var functionName: String
    /// The alias that has the traffic.
    package var alias: String
    /// The code.
    package var package: DeploymentPackage
    /// By which steps.
    package var traffic: TrafficPlan
    /// What the new version may do.
    package var limits: HealthLimits
    /// Whether CloudWatch is watched.
    package var watches: Bool
    /// How long the new version is watched after it has all traffic.
    package var bake: Interval
    /// Whether provisioned concurrency may go from the alias to the versions, so that weights are possible.
    package var movesProvisioned: Bool
    /// Whether the old version keeps its provisioned concurrency.
    package var keepsOldProvisioned: Bool

    /// All at once, unless changed.
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

  /// What has become of it.
  package struct Outcome: Sendable, Equatable {
    /// The version that has the traffic; with `--dry-run` the number that it would probably get.
    package let version: String
    /// The version before; nil for the first one.
    package let previous: String?
    /// Whether anything had to be done.
    package let isChanged: Bool
  }

  let request: Request
  let client: ControlClient
  let waiter: Waiter
  /// Told each thing that was done, one line.
  let say: (String) -> Void
  /// Told what may be wrong.
  let warn: (String) -> Void
  let editor: AliasEditor
  /// The function's bare name, when it was given by its ARN.
  var bareName: String
  /// Kept up to date for whoever has to go on.
  var progress = Progress()

  /// A deployment; nothing is done before `run`.
  package init(
    _ request: Request, with client: ControlClient, _ waiter: Waiter,
    say: @escaping (String) -> Void, warn: @escaping (String) -> Void
  ) {
    self.request = request
    bareName = request.functionName
    self.client = client
    self.waiter = waiter
    self.say = client.isDryRun ? { say("would be: \($0)") } : say
    self.warn = warn
    editor = AliasEditor(
      functionName: request.functionName, alias: request.alias, client: client)
  }

  var functionName: String { request.functionName }

  /// Does it.
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

  /// What has the traffic, after Lambda is done with moving it.
  private func readLive() throws -> Live {
    let live = try Live(
      try editor.readIfPresent(), functionName: functionName, with: client)
    guard live.onAlias != nil, live.alias?.additionalVersionWeights.isEmpty == false,
      !client.isDryRun
    else { return live }
    try Readiness.settled(editor, with: client, waiter)
    return try Live(try editor.readIfPresent(), functionName: functionName, with: client)
  }

  private func bringIntoService(_ version: String, _ live: Live) throws -> Outcome {
    guard let alias = live.alias else {
      try client.write(
        CreateAlias(
          functionName: functionName, alias: request.alias, functionVersion: version))
      say("\(request.alias): made, at version \(version)")
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
      "Alias \(request.alias) is at \(AliasState(alias).text), which is another deployment",
      advice: "Use alias promote or alias rollback first")
  }

  /// The alias is there already: a second run, perhaps after one that was interrupted at the end.
  private func finish(_ version: String, _ live: Live) throws -> Outcome {
    let previous = live.alias.flatMap { AliasMemory(description: $0.description).previous }
    if let previous { try release(previous, keeping: version, of: live) }
    say("\(request.alias): at version \(version) already, which is \(request.package.path)")
    return Outcome(version: version, previous: previous, isChanged: false)
  }
}
