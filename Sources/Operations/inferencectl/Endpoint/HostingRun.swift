import AWSControl
import Endpoints
import Foundation
import Training

/// Makes and changes endpoints for the commands that do so, and hands the classes on.
struct HostingRun {
  let session: Session
  let labels: LabelOptions

  // MARK: A new endpoint

  func create(_ creation: EndpointCreation, waits: Bool) throws {
    let client = try session.client()
    // Read first: an archive that is not there must not become an endpoint that fails after ten minutes.
    let classes =
      try labels.noLabels ? nil : ModelLabels.inArchive(creation.modelData, with: client)
    let made = try creation.run(suffix: suffix, with: client)
    if !client.isDryRun {
      session.say("Endpoint \(creation.endpointName) is being created: 3 to 10 minutes")
    }
    try write(classes)
    guard waits, !client.isDryRun else { return }
    try watching(creation.endpointName) {
      try client.waitForEndpoint(
        creation.endpointName, configurationName: made.configurationName,
        waiter: session.waiter(intervalSeconds: 10, limitSeconds: 3600))
    }
    session.say("Endpoint \(creation.endpointName) is InService")
  }

  // MARK: Another model, other instances

  func update(_ update: EndpointUpdate, _ traffic: TrafficOptions, waits: Bool) throws {
    let client = try session.client()
    let plan = try fitted(update, traffic).plan(suffix: suffix, with: client)
    let classes = try newLabels(update, plan, with: client)
    if traffic.alarms.isEmpty {
      session.console.note(
        "Without --alarm only instances that do not start roll back, not wrong answers or errors")
    }
    let backup = "\(update.endpointName)-scaling.json"
    try plan.start(with: client) { scaling in
      guard !client.isDryRun else { return }
      try Data(scaling.file).write(to: URL(fileURLWithPath: backup))
      session.say(
        "The autoscaling of \(scaling.variant) is saved in \(backup) and ended for the update")
    }
    guard !client.isDryRun else { return try write(classes) }
    session.say("Endpoint \(update.endpointName) is being updated to \(plan.configuration.name)")
    try write(classes)
    guard waits else {
      if plan.scaling != nil { session.console.note(restoring(update.endpointName, backup)) }
      return
    }
    do {
      try watching(update.endpointName) {
        try client.waitForEndpoint(
          update.endpointName, configurationName: plan.configuration.name,
          waiter: session.waiter(intervalSeconds: 10, limitSeconds: 8 * 3600))
      }
    } catch let error as Refusal {
      // Rolled back or failed: the old instances serve on, and so shall their scaling.
      try restore(plan.scaling, backup, with: client)
      throw error
    } catch {
      if plan.scaling != nil { session.console.note(restoring(update.endpointName, backup)) }
      throw error
    }
    try restore(plan.scaling, backup, with: client)
    session.say("Endpoint \(update.endpointName) is InService with \(plan.configuration.name)")
    if let old = plan.present.endpointConfigName {
      session.say(
        "The old configuration \(old) and its model are still there, to go back or to delete")
    }
  }

  /// Registers a variant for scaling again, out of the file of an update that was left alone.
  func restoreScaling(endpointName: String, path: String) throws {
    let client = try session.client()
    guard let bytes = FileManager.default.contents(atPath: path) else {
      throw Refusal("There is no file \(path)")
    }
    let backup = try ScalingBackup(file: [UInt8](bytes), path: path)
    guard backup.endpointName == endpointName else {
      throw Refusal("\(path) is of endpoint \(backup.endpointName)")
    }
    try restore(backup, path, with: client)
  }

  private func restore(
    _ backup: ScalingBackup?, _ path: String, with client: ControlClient
  ) throws {
    guard let backup else { return }
    do { try backup.restore(with: client) } catch {
      session.console.note(restoring(backup.endpointName, path))
      throw error
    }
    guard !client.isDryRun else { return }
    try? FileManager.default.removeItem(atPath: path)
    session.say("The autoscaling of \(backup.variant) is as it was")
  }

  private func restoring(_ endpointName: String, _ path: String) -> String {
    "The autoscaling is still ended. When the endpoint is InService: inferencectl endpoint update "
      + "--endpoint-name \(endpointName) --restore-scaling \(path)"
  }

  /// A part of one instance is the whole: then all the traffic moves at once, with the same watch over the alarms.
  private func fitted(_ update: EndpointUpdate, _ traffic: TrafficOptions) throws -> EndpointUpdate
  {
    guard !traffic.allAtOnce else { return update }
    let endpoint = try session.client().endpoint(named: update.endpointName)
    let variants = endpoint?.variants.filter { update.variant == nil || $0.name == update.variant }
    let count = update.instanceCount ?? variants?.compactMap(\.desiredInstanceCount).min() ?? 0
    guard endpoint != nil, count == 1 else { return update }
    session.console.note("The variant has one instance: its traffic moves all at once")
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
  /// - Throws: `Refusal` when they are others than those of the model that serves: the function would name them wrongly.
  private func newLabels(
    _ update: EndpointUpdate, _ plan: EndpointUpdate.Plan, with client: ControlClient
  ) throws -> ModelLabels? {
    guard !labels.noLabels, let model = update.modelData else { return nil }
    let new = try ModelLabels.inArchive(model, with: client)
    guard !labels.acceptNewLabels, let oldModel = plan.oldModelData,
      let old = try? ModelLabels.inArchive(oldModel, with: client), old != new
    else { return new }
    throw Refusal(
      "The classes of \(model) are not those that \(update.endpointName) serves now: \(Self.difference(old, new))",
      advice:
        "The function would name them wrongly while both serve. Make another endpoint and deploy the "
        + "function with its labels, or use --accept-new-labels")
  }

  private static func difference(_ old: ModelLabels, _ new: ModelLabels) -> String {
    let added = new.names.filter { !old.names.contains($0) }
    let gone = old.names.filter { !new.names.contains($0) }
    let parts = [
      added.isEmpty ? nil : "new are \(added.prefix(5).joined(separator: ", "))",
      gone.isEmpty ? nil : "gone are \(gone.prefix(5).joined(separator: ", "))",
    ].compactMap { $0 }
    return parts.isEmpty ? "the order differs" : parts.joined(separator: "; ")
  }

  private func write(_ classes: ModelLabels?) throws {
    guard let classes, !session.shared.dryRun else { return }
    try Data(classes.file).write(to: URL(fileURLWithPath: labels.labels))
    let name = URL(fileURLWithPath: labels.labels).lastPathComponent
    session.say(
      "\(labels.labels) has the model's \(classes.names.count) classes. Give them to the function: "
        + "./build-zip.sh --labels \(labels.labels), and deploy it with ClassLabelsFile=\(name) "
        + "(CLASS_LABELS=/var/task/\(name))")
  }

  private func watching(_ endpointName: String, _ wait: () throws -> Void) throws {
    do { try wait() } catch let error as Interrupted {
      session.progress.clear()
      session.console.note(
        "Endpoint \(endpointName) goes on without this command, and is paid: `inferencectl endpoint show` tells its state"
      )
      throw error
    }
  }

  private var suffix: String {
    String(
      JobSettings.name(prefix: "", unixMilliseconds: session.clock.unixMilliseconds()).dropFirst())
  }
}
