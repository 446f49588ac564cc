import AWSClient
import AWSControl
import Credentials
import Endpoints
import Training

/// Creates and updates endpoints for the commands.
struct HostingRun {
  let session: Session
  let labels: LabelOptions
  let check: ModelCheck
  private var hosted: HostedClasses {
    HostedClasses(session: session, options: labels, check: check)
  }

  // MARK: A new endpoint

  /// - Parameter trainingJob: named in the result, when its model was chosen by the command.
  func create(_ creation: EndpointCreation, waits: Bool, of trainingJob: String? = nil) throws {
    let client = try session.client()
    session.warn(try creation.check(with: client))
    // Read first: a missing archive must not become an endpoint that fails after ten minutes.
    let classes = try hosted.read(
      creation.modelData, image: creation.image, environment: creation.environment,
      hosting: creation.hosting, with: client)
    let made = try creation.run(suffix: suffix, with: client)
    let json = { (status: String) -> OperationInput in
      [
        "endpointName": creation.endpointName, "status": status,
        "configurationName": made.configurationName, "trainingJob": trainingJob,
      ]
    }
    try hosted.write(classes)
    let creating = "Endpoint \(creation.endpointName) is being created: 3 to 10 minutes"
    guard waits, !client.isDryRun else { return session.done(creating, json: json("Creating")) }
    session.note(creating)
    try watching(creation.endpointName) {
      try client.waitForEndpoint(
        creation.endpointName, configurationName: made.configurationName,
        waiter: session.waiter(intervalSeconds: 10, limitSeconds: 3600))
    }
    do {
      try check.invoke(
        creation.endpointName, variant: creation.variantName, kind: creation.kind,
        classes: classes, in: session)
    } catch let error where error is AWSError || error is CredentialError {
      throw Self.notInvoked(creation.endpointName, made.configurationName, error)
    }
    if creation.kind == .asynchronous {
      session.note(
        "Its instances are billed while nothing waits. To end them when idle: inferencectl endpoint autoscale "
          + "--endpoint-name \(creation.endpointName) --min 0 --max 1")
    }
    session.done(
      "Endpoint \(creation.endpointName) is InService", json: json("InService"))
  }

  // MARK: Another model, other instances

  func update(
    _ update: EndpointUpdate, _ traffic: TrafficOptions, waits: Bool, of trainingJob: String? = nil
  ) throws {
    let client = try session.client()
    if let change = try update.concurrencyChange(with: client) {
      return try changeConcurrency(change, waits: waits, with: client)
    }
    let store = ScalingStore(session: session, endpointName: update.endpointName)
    var update = try fitted(update, traffic)
    update.leftover = try store.load()
    guard let plan = try update.plan(suffix: suffix, with: client) else {
      try putBackLeftover(update.leftover, store, with: client)
      return session.done(
        "Endpoint \(update.endpointName) already has these settings",
        json: ["endpointName": update.endpointName, "status": "InService", "changed": false])
    }
    let classes = try hosted.read(update, plan, with: client)
    session.warn(plan.warnings)
    if plan.isFinal {
      try session.confirm(
        "Give the serverless endpoint \(update.endpointName) instances, from which SageMaker does not return"
      )
    }
    if traffic.alarms.isEmpty, plan.update.deployment != nil {
      session.note(
        "Without --alarm only instances that do not start trigger a rollback, not errors or wrong responses"
      )
    }
    do {
      try plan.start(with: client, save: store.save)
      try hosted.write(classes)
      try follow(plan, classes, waits: waits, with: client, of: trainingJob)
    } catch {
      // Rolled back, failed, timed out, or interrupted: some instances serve, and are scaled again.
      _ = store.putBack(plan.restores, with: client)
      throw error
    }
    guard store.putBack(plan.restores, with: client) else { throw ScalingStore.notRestored }
    if waits, !client.isDryRun, let old = plan.present.endpointConfigName {
      session.note(
        "The old configuration \(old) and its model are kept for a rollback. To delete what no endpoint uses: "
          + "inferencectl endpoint prune --endpoint-name \(update.endpointName)")
    }
  }

  private func changeConcurrency(
    _ change: UpdateEndpointWeightsAndCapacities, waits: Bool, with client: ControlClient
  ) throws {
    try client.write(change)
    let name = change.endpointName
    let json = { (status: String) -> OperationInput in
      ["endpointName": name, "status": status, "changed": true]
    }
    guard waits, !client.isDryRun else {
      return session.done(
        "Endpoint \(name) is being updated, without another configuration", json: json("Updating"))
    }
    try watching(name) {
      try EndpointCapacity.wait(name, with: client, waiter: session.endpointWaiter())
    }
    session.done(
      "Endpoint \(name) is InService with another concurrency", json: json("InService"))
  }

  private func follow(
    _ plan: EndpointUpdate.Plan, _ classes: ModelLabels?, waits: Bool,
    with client: ControlClient, of trainingJob: String?
  ) throws {
    let (name, wanted) = (plan.update.endpointName, plan.configuration.name)
    let json = { (status: String) -> OperationInput in
      [
        "endpointName": name, "status": status, "configurationName": wanted,
        "previousConfigurationName": plan.present.endpointConfigName, "trainingJob": trainingJob,
        "changed": true,
      ]
    }
    let updating =
      "Endpoint \(name) is being updated to \(wanted)"
      + (plan.isUnderWay ? ", as an earlier command has started it" : "")
    guard waits, !client.isDryRun else { return session.done(updating, json: json("Updating")) }
    session.note(updating)
    let limit = plan.update.deployment?.maximumSeconds ?? UpdateEndpoint.Deployment.longestSeconds
    try watching(name) {
      try client.waitForEndpoint(
        name, configurationName: wanted, staleReason: plan.present.failureReason,
        // SageMaker needs time for its own rollback.
        waiter: session.waiter(intervalSeconds: 10, limitSeconds: limit + 1800))
    }
    try invokeOrReturn(plan, classes, with: client)
    session.done("Endpoint \(name) is InService with \(wanted)", json: json("InService"))
  }

  /// Registers a variant for scaling again, from the file of an interrupted update.
  func restoreScaling(endpointName: String, path: String) throws {
    let client = try session.client()
    let store = ScalingStore(session: session, endpointName: endpointName, path: path)
    guard let backup = try store.load() else { throw Refusal("\(path) does not exist") }
    guard store.putBack(backup, with: client) else { throw ScalingStore.notRestored }
    session.done(
      "Endpoint \(endpointName): the autoscaling of \(backup.variant) is restored",
      json: ["endpointName": endpointName, "variant": backup.variant])
  }

  /// Unless the variant was registered meanwhile.
  private func putBackLeftover(
    _ backup: ScalingBackup?, _ store: ScalingStore, with client: ControlClient
  ) throws {
    guard let backup,
      try ScalingBackup.read(
        endpointName: backup.endpointName, variant: backup.variant, with: client) == nil
    else { return }
    guard store.putBack(backup, with: client) else { throw ScalingStore.notRestored }
  }

  /// One instance cannot be split: all traffic moves at once, with the same alarms.
  private func fitted(_ update: EndpointUpdate, _ traffic: TrafficOptions) throws -> EndpointUpdate
  {
    guard !traffic.allAtOnce else { return update }
    let endpoint = try session.client().endpoint(named: update.endpointName)
    let variants = endpoint?.variants.filter { update.variant == nil || $0.name == update.variant }
    let count = update.instanceCount ?? variants?.compactMap(\.desiredInstanceCount).min() ?? 0
    // Also an asynchronous endpoint without an instance.
    guard let variants, variants.allSatisfy({ $0.currentServerless == nil }), count <= 1 else {
      return update
    }
    session.note("The variant has \(count == 0 ? "no" : "one") instance: all traffic moves at once")
    var update = update
    update.deployment = UpdateEndpoint.Deployment(
      routing: .allAtOnce, waitSeconds: update.deployment.waitSeconds,
      terminationWaitSeconds: max(
        update.deployment.terminationWaitSeconds, update.deployment.waitSeconds),
      alarmNames: update.deployment.alarmNames)
    return update
  }

  /// Invokes the updated endpoint; if its model does not answer, returns to the old configuration.
  ///
  /// - Throws: `Refusal` when it was returned; what the return throws.
  private func invokeOrReturn(
    _ plan: EndpointUpdate.Plan, _ classes: ModelLabels?, with client: ControlClient
  ) throws {
    let name = plan.update.endpointName
    do {
      try check.invoke(
        name, variant: plan.changedVariant, kind: plan.kind, classes: classes, in: session)
    } catch let error where error is AWSError || error is CredentialError {
      throw Self.notInvoked(name, plan.configuration.name, error)
    } catch let error as Refusal {
      guard let back = plan.comingBack else { throw error }
      session.note("Error: \(error.message)")
      session.note("Returning to \(back.endpointConfigName)")
      try client.write(back)
      try watching(name) {
        try client.waitForEndpoint(
          name, configurationName: back.endpointConfigName, staleReason: plan.present.failureReason,
          waiter: session.waiter(intervalSeconds: 10, limitSeconds: 3600))
      }
      throw Refusal(
        "Endpoint \(name) was returned to \(back.endpointConfigName), because the new "
          + "model does not answer",
        advice: "\(plan.configuration.name) is kept for inspection")
    }
  }

  /// The endpoint stays as it is: the error says nothing about its model.
  private static func notInvoked(
    _ endpointName: String, _ configurationName: String, _ error: any Error
  ) -> Refusal {
    Refusal(
      "Endpoint \(endpointName) serves \(configurationName), but could not be invoked: \(error)",
      advice: "To skip the invocation, use --no-probe")
  }

  private func watching(_ endpointName: String, _ wait: () throws -> Void) throws {
    do { try wait() } catch let error as Interrupted {
      session.note(
        "Endpoint \(endpointName) continues and is billed. To see its state: inferencectl endpoint show --endpoint-name \(endpointName)"
      )
      throw error
    }
  }

  private var suffix: String {
    String(
      JobSettings.name(prefix: "", unixMilliseconds: session.clock.unixMilliseconds()).dropFirst())
  }
}
