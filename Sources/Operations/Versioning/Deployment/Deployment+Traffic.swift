import AWSClient
import AWSControl

/// The traffic's move to the new version, and the rollback.
extension Deployment {
  /// Unix seconds.
  var now: Int64 { waiter.clock.unixMilliseconds() / 1000 }

  /// Moves the traffic by the plan's steps, then all of it.
  func moveTraffic(to version: String, from alias: AliasConfiguration) throws {
    let old = alias.functionVersion
    let memory = AliasMemory(description: alias.description).previous
    var seen = alias
    let share = alias.additionalVersionWeights[version] ?? 0
    if share > 0 { report("\(request.alias): resuming at \(AliasState(alias).text)") }
    progress.alias = share > 0 ? AliasState(alias) : nil
    for step in request.traffic.remaining(from: share) {
      let state = AliasState(version: old, weights: [version: step.share])
      seen = try change(seen, to: state)
      report("\(request.alias): \(state.text), for \(step.hold.text)")
      try watch(version, old: old, for: step.hold) {
        try goBack(from: seen, to: old, memory: memory, $0)
      }
    }
    seen = try change(seen, to: AliasState(version: version), memory: .version(old))
    seen = try settled(seen, version: version, old: old, memory: memory)
    report("\(request.alias): version \(version) has all traffic (before: version \(old))")
    try watch(version, old: old, for: request.bake) {
      try goBack(from: seen, to: old, memory: memory, $0)
    }
  }

  private func change(
    _ seen: AliasConfiguration, to state: AliasState, memory: AliasEditor.Memory = .kept
  ) throws -> AliasConfiguration {
    if AliasState(seen) == state { return seen }
    let changed = try editor.change(seen, to: state, memory: memory)
    if changed != nil { progress.alias = state }
    return changed ?? seen
  }

  /// Waits while Lambda moves an alias's own provisioned concurrency; rolls back when that fails.
  private func settled(
    _ seen: AliasConfiguration, version: String, old: String, memory: String?
  ) throws -> AliasConfiguration {
    guard !client.isDryRun, try editor.readProvisionedConcurrency() != nil else { return seen }
    do {
      try Readiness.waitForAlias(editor, with: client, waiter)
    } catch let failure as ProvisioningFailed {
      let latest = try editor.read()
      guard latest.functionVersion == version else { throw failure }
      try goBack(from: latest, to: old, memory: memory, failure.reason)
    }
    // Lambda has set and removed weights of its own, each with a new revision.
    return try editor.read()
  }

  // MARK: Watching

  /// Monitors the version's metrics for a duration.
  private func watch(
    _ version: String, old: String, for hold: Interval, orElse goBack: (String) throws -> Void
  ) throws {
    guard hold.milliseconds > 0, !client.isDryRun else { return }
    let start = waiter.clock.unixMilliseconds()
    let since = start / 1000
    let activity = "version \(version) to pass"
    while true {
      let elapsed = waiter.clock.unixMilliseconds() - start
      let rest = hold.milliseconds - elapsed
      let isOver = rest <= 0
      if request.watches {
        let health = try health(of: version, old: old, since: since)
        waiter.onProgress(activity, health.text, elapsed)
        if let complaint = health.complaint(request.limits) {
          report("version \(version): \(health.text)")
          try goBack("version \(version): \(complaint)")
        }
        if isOver { try judge(health, version, hold, goBack) }
      }
      if isOver { return }
      // CloudWatch has one point a minute: polling more often adds nothing.
      try waiter.pause(min(30_000, rest), activity)
    }
  }

  private func judge(
    _ health: VersionHealth, _ version: String, _ hold: Interval, _ goBack: (String) throws -> Void
  ) throws {
    report("version \(version): \(health.text)")
    if health.invocations < request.limits.minimumInvocations {
      try goBack(
        "version \(version) had \(health.invocations) invocations in \(hold.text), "
          + "the minimum is \(request.limits.minimumInvocations)")
    }
    if health.invocations == 0 {
      warn(
        "version \(version): health unverified (no invocations in \(hold.text))")
    }
  }

  func health(of version: String, old: String, since: Int64) throws -> VersionHealth {
    try VersionHealth.read(
      functionName: bareName, alias: request.alias, new: version, old: old, since: since,
      until: now, with: client)
  }

  // MARK: Rollback

  /// Sends all traffic to the old version again.
  private func goBack(
    from seen: AliasConfiguration, to old: String, memory: String?, _ complaint: String
  ) throws {
    let version = progress.published ?? "the new version"
    let state = AliasState(version: old)
    // Lambda would leave the traffic at the failed version until the old one is warm again: a cold
    // start is better than a failure. Traffic that has not moved yet stays on the warm version.
    let own = try AliasState(seen).weights[old] == 1 ? nil : editor.readProvisionedConcurrency()
    if own != nil {
      try client.write(
        DeleteProvisionedConcurrencyConfig(functionName: functionName, qualifier: request.alias))
    }
    // A deployment that only got a share has not changed the recorded version.
    if try editor.change(seen, to: state, memory: .version(memory)) != nil {
      progress.alias = state
    }
    if let own {
      try client.write(
        PutProvisionedConcurrencyConfig(
          functionName: functionName, qualifier: request.alias, provisioned: own.requested))
    }
    var left =
      "alias \(request.alias) is at version \(old) again; version \(version) stays published"
    if progress.provisioned.contains(version) {
      try client.write(
        DeleteProvisionedConcurrencyConfig(functionName: functionName, qualifier: version))
      left += " and is no longer provisioned"
    }
    throw RolledBack(
      complaint: complaint, state: left.prefix(1).uppercased() + left.dropFirst())
  }
}
