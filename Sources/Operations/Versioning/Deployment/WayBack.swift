import AWSClient
import AWSControl
import Concurrency

/// The automatic rollback: all traffic to the old version again, whatever it takes.
///
/// It is not interruptible, waits out conflicts, throttling and outages for some minutes, and
/// restores the alias's provisioned concurrency on every exit. Its message keeps the reason.
struct WayBack {
  let context: DeploymentContext
  let rollout: TrafficRollout
  private var client: ControlClient { context.client }
  private var functionName: String { context.functionName }

  /// Takes the traffic from the new version if the error requires it.
  ///
  /// - Returns: the error to report.
  func error(after error: any Error) -> any Error {
    switch error {
    case is RolledBack, is TrafficTakenOver, is Unproven: return error
    case let failure as VersionFailed: return takeBack(failure.complaint, marks: failure.isMarked)
    case is AliasMoved: return stopped(error)
    default:
      let mustGoBack =
        context.request.onStop == .rollback && !client.isDryRun && mayHaveTraffic()
      return mustGoBack ? takeBack("\(error)", marks: false) : stopped(error)
    }
  }

  private func stopped(_ error: any Error) -> any Error {
    DeploymentState(context, rollout).text().map { DeploymentStopped(cause: error, state: $0) }
      ?? error
  }

  /// Whether the new version has traffic, as far as it can be known.
  private func mayHaveTraffic() -> Bool {
    guard let alias = try? rollout.readAlias() else { return true }
    return alias.functionVersion == rollout.version
      || alias.additionalVersionWeights[rollout.version] != nil
  }

  private func takeBack(_ complaint: String, marks: Bool) -> any Error {
    var removed: Int?
    let result = Result { try moveBack(complaint, marks: marks, &removed) }
    if let removed { restore(removed) }
    do {
      return RolledBack(complaint: complaint, state: try result.get() + released())
    } catch let error as TrafficTakenOver {
      return error
    } catch {
      return RollbackFailed(complaint: complaint, cause: error, state: remains())
    }
  }

  /// - Returns: where the traffic is, as the beginning of a sentence.
  private func moveBack(
    _ complaint: String, marks: Bool, _ removed: inout Int?
  ) throws -> String {
    try retrying("the rollback of alias \(context.alias)") {
      var now = try rollout.readAlias()
      let state = AliasState(now)
      guard state.version == rollout.version || state.weights[rollout.version] != nil else {
        if marks { try mark(now) }
        return "Someone else has already taken the traffic away: alias \(context.alias) is at "
          + state.text
      }
      guard rollout.isOwn(state) else {
        throw rollout.takenOver(by: state, complaint: complaint)
      }
      // Lambda would leave the traffic at the failed version until the old one is warm again: a
      // cold start is better than a failure. Traffic that has not moved yet stays on the warm
      // version.
      if state.weights[rollout.old] != 1, let own = try editor.readProvisionedConcurrency() {
        now = try provisioning.record(own.requested, in: now)
        removed = own.requested
        try provisioning.remove()
      }
      _ = try editor.change(now, to: AliasState(version: rollout.old)) { memory in
        memory.rollBack(to: rollout.old, from: rollout.version)
        memory.previous = rollout.previous
        if marks { memory.addFailure(ofCode: rollout.codeSHA256) }
      }
      return "Alias \(context.alias) is at version \(rollout.old) again; version "
        + "\(rollout.version) stays published"
        + (marks ? ", its code is marked as failed in the alias's description" : "")
    }
  }

  private var editor: AliasEditor {
    AliasEditor(
      functionName: context.editor.functionName, alias: context.alias, client: client,
      pause: { context.waiter.clock.sleep($0) })
  }

  private func mark(_ now: AliasConfiguration) throws {
    _ = try editor.change(now, to: AliasState(now)) { memory in
      memory.addFailure(ofCode: rollout.codeSHA256)
      memory.watch = nil
    }
  }

  private var provisioning: AliasProvisioning {
    AliasProvisioning(editor: editor, client: client)
  }

  private func restore(_ count: Int) {
    do {
      try retrying("the provisioned concurrency of \(context.alias)") {
        try provisioning.provide(count)
      }
    } catch {
      return context.warn(
        "the provisioned concurrency of alias \(context.alias) (\(count)) could not be restored: "
          + "\(error). To restore it: \(context.provisionCommand(count))")
    }
    do {
      _ = try retrying("the description of alias \(context.alias)") {
        try provisioning.forget(rollout.readAlias())
      }
    } catch {
      context.warn(
        "the description of alias \(context.alias) still records its \(count) provisioned environments as removed: "
          + "\(error). The next deployment removes that record")
    }
  }

  /// Deletes the new version's provisioned concurrency.
  private func released() -> String {
    do {
      let own = try client.provisionedConcurrency(ofFunction: functionName)
      guard own.contains(where: { $0.qualifier == rollout.version }) else { return "" }
      // Else Application Auto Scaling would provision it again.
      try AutoscalingHandover.read(
        functionName: functionName, qualifier: rollout.version, with: client)?.end(with: client)
      try client.write(
        DeleteProvisionedConcurrencyConfig(functionName: functionName, qualifier: rollout.version))
      return "; version \(rollout.version) is no longer provisioned"
    } catch {
      context.warn(
        "version \(rollout.version) may still have provisioned concurrency, which is billed: \(error)"
      )
      return ""
    }
  }

  /// Where the traffic is after a rollback that failed.
  private func remains() -> String {
    let command = DeploymentState(context, rollout).rollback(to: rollout.old)
    guard let alias = try? rollout.readAlias() else {
      return
        "Alias \(context.alias) could not be read either; version \(rollout.version) may have traffic. "
        + "To roll back: \(command)"
    }
    return
      "Alias \(context.alias) is at \(AliasState(alias).text), version \(rollout.version) must not keep "
      + "it. To roll back: \(command)"
  }

  /// Repeats what throttling and outages interrupt; `ControlClient` waits for conflicts.
  private func retrying<Value>(_ activity: String, _ body: () throws -> Value) throws -> Value {
    try context.patientWaiter.wait(for: activity) {
      do {
        return .done(try body())
      } catch let error as AWSError where error.isPassing {
        return .pending("\(error.code.rawValue)")
      } catch is AliasMoved {
        return .pending("the alias was changed meanwhile")
      } catch is Interrupted {
        // Ctrl-C ends the pause of one call; those that begin afterwards are not interrupted.
        return .pending("Ctrl-C does not end it")
      } catch let refusal as Refusal {
        return .pending(refusal.reason)
      }
    }
  }
}

extension AWSError {
  /// Whether the same call may succeed some seconds later.
  var isPassing: Bool {
    verdict.pause != nil || code == .staleRevision || (status ?? 0) >= 500
  }
}
