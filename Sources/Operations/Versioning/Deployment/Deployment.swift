import AWSClient
import AWSControl

/// Deploys a zip: uploads, publishes, provisions, moves the traffic by steps, and rolls back when
/// the new version fails.
///
/// Progress is read from AWS, never from a file: an interrupted deployment resumes when it is run
/// again. docs/operations-deploy.md explains the order of the steps.
package struct Deployment {
  private let request: Request
  private let client: ControlClient
  private let waiter: Waiter
  private let report: (String) -> Void
  private let warn: (String) -> Void

  /// Nothing is done before `run`.
  ///
  /// - Parameter report: receives a line for each completed step.
  package init(
    _ request: Request, with client: ControlClient, _ waiter: Waiter,
    report: @escaping (String) -> Void, warn: @escaping (String) -> Void
  ) {
    self.request = request
    self.client = client
    self.waiter = waiter
    self.report = client.isDryRun ? { report("Dry run: \($0)") } : report
    self.warn = warn
  }

  /// Runs the deployment.
  ///
  /// - Throws: `Refusal` before anything was done; `RolledBack`, `RollbackFailed`, `Unproven`,
  ///   `TrafficTakenOver`, `DeploymentStopped`; `AWSError`.
  package func run() throws -> Outcome {
    let function = try client.read(GetFunction(functionName: request.functionName))
    let context = context(function.configuration.functionName)
    let code = CodeUpload(context)
    try code.check(function)
    let live = try Live.waitUntilSettled(context)
    var handover = ProvisionedHandover(context, live: live)
    try handover.check(reserved: function.reservedConcurrentExecutions)
    let reader = try checkTraffic(live, context, function.configuration)
    let version: String
    var present = live.alias
    do {
      version = try code.provideVersion(function.configuration)
      try request.smokeEvent?.run(onVersion: version, context)
      if let seen = live.alias, seen.functionVersion != version {
        present = try handover.provision(version, from: seen)
      }
    } catch let error as RolledBack {
      throw error
    } catch {
      throw DeploymentState(context).text().map { DeploymentStopped(cause: error, state: $0) }
        ?? error
    }
    guard let alias = present else { return try createAlias(version, context) }
    guard alias.functionVersion != version else {
      return try finish(version, alias, live, handover, context, reader)
    }
    let old = alias.functionVersion
    let rollout = TrafficRollout(context, from: alias, to: version, old: old)
    try moveTraffic(rollout, from: alias, context, reader(version, old))
    try handover.release(old, keeping: version)
    return Outcome(version: version, previous: old, isChanged: true)
  }

  private func context(_ functionName: String) -> DeploymentContext {
    let waiter = waiter
    let editor = AliasEditor(
      functionName: request.functionName, alias: request.alias, client: client,
      pause: { try waiter.pause($0, "alias \(request.alias) to be free") })
    return DeploymentContext(
      functionName: functionName, request: request, client: client, waiter: waiter,
      editor: editor, report: report, warn: warn)
  }

  // MARK: Traffic

  /// The canary: each share is watched, then the cutover, which is watched too.
  private func moveTraffic(
    _ start: TrafficRollout, from alias: AliasConfiguration, _ context: DeploymentContext,
    _ reader: HealthReader
  ) throws {
    var rollout = start
    let watch = Watch(context, reader)
    do {
      let share = alias.additionalVersionWeights[rollout.version] ?? 0
      if share > 0 { report("\(request.alias): resuming at \(AliasState(alias).text)") }
      for step in request.traffic.remaining(from: share) {
        try rollout.shift(to: step.share)
        let state = AliasState(version: rollout.old, weights: [rollout.version: step.share])
        report("\(request.alias): \(state.text), for \(step.hold.text)")
        try watch.pass(rollout, for: step.hold)
      }
      try rollout.cutOver()
      try rollout.settle()
      report(
        "\(request.alias): version \(rollout.version) has all traffic (before: version \(rollout.old))"
      )
      try bake(&rollout, watch)
    } catch {
      throw WayBack(context: context, rollout: rollout).error(after: error)
    }
  }

  private func bake(_ rollout: inout TrafficRollout, _ watch: Watch) throws {
    guard request.watches, request.bake.milliseconds > 0 else {
      if !request.watches || request.traffic.steps.isEmpty, !client.isDryRun {
        warn("version \(rollout.version) is not monitored: use --canary, --linear or --bake")
      }
      return
    }
    try watch.pass(rollout, for: request.bake)
    try rollout.acknowledge()
  }

  private func createAlias(_ version: String, _ context: DeploymentContext) throws -> Outcome {
    try client.write(
      CreateAlias(
        functionName: context.functionName, alias: request.alias, functionVersion: version))
    report("\(request.alias): created, at version \(version)")
    return Outcome(version: version, previous: nil, isChanged: true)
  }

  /// The alias is already at the version: a second run, possibly after one that was interrupted while
  /// it watched the version, or before it released the old one.
  private func finish(
    _ version: String, _ alias: AliasConfiguration, _ live: Live,
    _ handover: ProvisionedHandover, _ context: DeploymentContext,
    _ reader: (_ new: String, _ old: String) -> HealthReader
  ) throws -> Outcome {
    let memory = live.memory
    let previous = memory.previous?.version == version ? memory.previous?.before : nil
    if memory.watch?.version == version, request.watches, let previous {
      report("\(request.alias): resuming at version \(version), which is not proven yet")
      var rollout = TrafficRollout(context, from: alias, to: version, old: previous)
      do {
        try Watch(context, reader(version, previous)).pass(rollout, for: request.bake)
        try rollout.acknowledge()
      } catch {
        throw WayBack(context: context, rollout: rollout).error(after: error)
      }
    }
    if let previous { try handover.release(previous, keeping: version) }
    report("\(request.alias): already at version \(version), which is \(request.package.path)")
    return Outcome(version: version, previous: previous, isChanged: false)
  }
}
