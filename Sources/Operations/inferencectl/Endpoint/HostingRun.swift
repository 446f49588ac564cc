import AWSClient
import AWSControl
import Endpoints
import Foundation
import Training

/// Creates and updates endpoints for the commands, and writes the classes.
struct HostingRun {
  let session: Session
  let labels: LabelOptions
  let check: ModelCheck

  // MARK: A new endpoint

  /// - Parameter trainingJob: named in the result, when its model was chosen by the command.
  func create(_ creation: EndpointCreation, waits: Bool, of trainingJob: String? = nil) throws {
    let client = try session.client()
    // Read first: a missing archive must not become an endpoint that fails after ten minutes.
    let classes = try check.archive(
      creation.modelData, program: creation.environment[ModelCheck.programVariable],
      isOwnImage: !(creation.image?.contains("/pytorch-inference") ?? true),
      needsLabels: !labels.noLabels, with: client)
    let made = try creation.run(suffix: suffix, with: client)
    let json = { (status: String) -> OperationInput in
      [
        "endpointName": creation.endpointName, "status": status,
        "configurationName": made.configurationName, "trainingJob": trainingJob,
      ]
    }
    try write(classes)
    let creating = "Endpoint \(creation.endpointName) is being created: 3 to 10 minutes"
    guard waits, !client.isDryRun else { return session.done(creating, json: json("Creating")) }
    session.note(creating)
    try watching(creation.endpointName) {
      try client.waitForEndpoint(
        creation.endpointName, configurationName: made.configurationName,
        waiter: session.waiter(intervalSeconds: 10, limitSeconds: 3600))
    }
    try check.invoke(
      creation.endpointName, variant: creation.variantName, classes: classes, in: session)
    session.done(
      "Endpoint \(creation.endpointName) is InService", json: json("InService"))
  }

  // MARK: Another model, other instances

  func update(
    _ update: EndpointUpdate, _ traffic: TrafficOptions, waits: Bool, of trainingJob: String? = nil
  ) throws {
    let client = try session.client()
    let plan = try fitted(update, traffic).plan(suffix: suffix, with: client)
    let classes = try newLabels(update, plan, with: client)
    if traffic.alarms.isEmpty {
      session.note(
        "Without --alarm only instances that do not start trigger a rollback, not errors or wrong responses"
      )
    }
    let backup = "\(update.endpointName)-scaling.json"
    try plan.start(with: client) { scaling in
      guard !client.isDryRun else { return }
      try Data(scaling.file).write(to: URL(fileURLWithPath: backup))
      session.note(
        "The autoscaling of \(scaling.variant) is saved in \(backup) and removed for the update")
    }
    let json = { (status: String) -> OperationInput in
      [
        "endpointName": update.endpointName, "status": status,
        "configurationName": plan.configuration.name,
        "previousConfigurationName": plan.present.endpointConfigName, "trainingJob": trainingJob,
      ]
    }
    try write(classes)
    let updating = "Endpoint \(update.endpointName) is being updated to \(plan.configuration.name)"
    guard waits, !client.isDryRun else {
      session.done(updating, json: json("Updating"))
      if client.isDryRun { return }
      if plan.scaling != nil { session.note(restoring(update.endpointName, backup)) }
      return
    }
    session.note(updating)
    do {
      try watching(update.endpointName) {
        try client.waitForEndpoint(
          update.endpointName, configurationName: plan.configuration.name,
          waiter: session.waiter(intervalSeconds: 10, limitSeconds: 8 * 3600))
      }
      try invokeOrReturn(update, plan, classes, with: client)
    } catch let error as Refusal {
      // Rolled back or failed: the old instances keep serving, and keep their scaling.
      try restore(plan.scaling, backup, with: client)
      throw error
    } catch {
      if plan.scaling != nil { session.note(restoring(update.endpointName, backup)) }
      throw error
    }
    try restore(plan.scaling, backup, with: client)
    session.done(
      "Endpoint \(update.endpointName) is InService with \(plan.configuration.name)",
      json: json("InService"))
    if let old = plan.present.endpointConfigName {
      session.note(
        "The old configuration \(old) and its model are kept, to roll back or to delete")
    }
  }

  /// Registers a variant for scaling again, from the file of an interrupted update.
  func restoreScaling(endpointName: String, path: String) throws {
    let client = try session.client()
    guard let bytes = FileManager.default.contents(atPath: path) else {
      throw Refusal("\(path) does not exist")
    }
    let backup = try ScalingBackup(file: [UInt8](bytes), path: path)
    guard backup.endpointName == endpointName else {
      throw Refusal("\(path) is of endpoint \(backup.endpointName)")
    }
    try restore(backup, path, with: client)
    session.done(
      "Endpoint \(endpointName): the autoscaling of \(backup.variant) is restored",
      json: ["endpointName": endpointName, "variant": backup.variant])
  }

  private func restore(
    _ backup: ScalingBackup?, _ path: String, with client: ControlClient
  ) throws {
    guard let backup else { return }
    do { try backup.restore(with: client) } catch {
      session.note(restoring(backup.endpointName, path))
      throw error
    }
    guard !client.isDryRun else { return }
    try? FileManager.default.removeItem(atPath: path)
    session.note("The autoscaling of \(backup.variant) is restored")
  }

  private func restoring(_ endpointName: String, _ path: String) -> String {
    "The autoscaling is not restored yet. When the endpoint is InService: inferencectl endpoint update "
      + "--endpoint-name \(endpointName) --restore-scaling \(path)"
  }

  /// One instance cannot be split: all traffic moves at once, with the same alarms.
  private func fitted(_ update: EndpointUpdate, _ traffic: TrafficOptions) throws -> EndpointUpdate
  {
    guard !traffic.allAtOnce else { return update }
    let endpoint = try session.client().endpoint(named: update.endpointName)
    let variants = endpoint?.variants.filter { update.variant == nil || $0.name == update.variant }
    let count = update.instanceCount ?? variants?.compactMap(\.desiredInstanceCount).min() ?? 0
    guard endpoint != nil, count == 1 else { return update }
    session.note("The variant has one instance: all traffic moves at once")
    var update = update
    update.deployment = UpdateEndpoint.Deployment(
      routing: .allAtOnce, waitSeconds: update.deployment.waitSeconds,
      terminationWaitSeconds: max(
        update.deployment.terminationWaitSeconds, update.deployment.waitSeconds),
      alarmNames: update.deployment.alarmNames)
    return update
  }

  // MARK: Labels

  /// The new model's classes.
  ///
  /// - Throws: `Refusal` when they differ from those of the serving model: the function would name
  ///   them wrongly.
  private func newLabels(
    _ update: EndpointUpdate, _ plan: EndpointUpdate.Plan, with client: ControlClient
  ) throws -> ModelLabels? {
    guard let model = update.modelData else { return nil }
    let new = try check.archive(
      model, program: plan.model?.environment[ModelCheck.programVariable],
      isOwnImage: !(plan.model?.image.contains("/pytorch-inference") ?? true),
      needsLabels: !labels.noLabels, with: client)
    guard let new, !labels.acceptNewLabels, let oldModel = plan.oldModelData,
      let old = try? ModelArchive(oldModel, with: client).modelLabels(), old != new
    else { return new }
    throw Refusal(
      "The classes of \(model) differ from those that \(update.endpointName) serves: \(Self.difference(old, new))",
      advice:
        "The function would name them wrongly while both serve. Create another endpoint and deploy the "
        + "function with its labels, or use --accept-new-labels")
  }

  private static func difference(_ old: ModelLabels, _ new: ModelLabels) -> String {
    let added = new.names.filter { !old.names.contains($0) }
    let gone = old.names.filter { !new.names.contains($0) }
    let parts = [
      added.isEmpty ? nil : "new: \(added.prefix(5).joined(separator: ", "))",
      gone.isEmpty ? nil : "removed: \(gone.prefix(5).joined(separator: ", "))",
    ].compactMap { $0 }
    return parts.isEmpty ? "the order differs" : parts.joined(separator: "; ")
  }

  private func write(_ classes: ModelLabels?) throws {
    guard let classes, !session.shared.dryRun else { return }
    try Data(classes.file).write(to: URL(fileURLWithPath: labels.labels))
    let name = URL(fileURLWithPath: labels.labels).lastPathComponent
    session.note(
      "Wrote the model's \(classes.names.count) classes to \(labels.labels). To give them to the function: "
        + "./build-zip.sh --labels \(labels.labels), and deploy it with ClassLabelsFile=\(name) "
        + "(CLASS_LABELS=/var/task/\(name))")
  }

  /// Invokes the updated endpoint; if its model does not answer, returns to the old configuration.
  ///
  /// - Throws: `Refusal` when it was returned; what the return throws.
  private func invokeOrReturn(
    _ update: EndpointUpdate, _ plan: EndpointUpdate.Plan, _ classes: ModelLabels?,
    with client: ControlClient
  ) throws {
    do {
      try check.invoke(
        update.endpointName, variant: plan.changedVariant, classes: classes, in: session)
    } catch let error as AWSError {
      throw Refusal(
        "Endpoint \(update.endpointName) serves \(plan.configuration.name), but could not be invoked: \(error)",
        advice: "To skip the invocation, use --no-probe")
    } catch let error as Refusal {
      guard let back = plan.comingBack else { throw error }
      session.note("Error: \(error.message)")
      session.note("Returning to \(back.endpointConfigName)")
      try client.write(back)
      try watching(update.endpointName) {
        try client.waitForEndpoint(
          update.endpointName, configurationName: back.endpointConfigName,
          waiter: session.waiter(intervalSeconds: 10, limitSeconds: 3600))
      }
      throw Refusal(
        "Endpoint \(update.endpointName) was returned to \(back.endpointConfigName), because the new "
          + "model does not answer",
        advice: "\(plan.configuration.name) is kept for inspection")
    }
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
