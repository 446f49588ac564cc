import AWSClient
import AWSControl

/// The traffic's way to the new version, and back.
extension Deployment {
  /// Unix seconds.
  var now: Int64 { waiter.clock.unixMilliseconds() / 1000 }

  /// By the plan's steps, then all of it.
  func moveTraffic(to version: String, from alias: AliasConfiguration) throws {
    let old = alias.functionVersion
    let memory = AliasMemory(description: alias.description).previous
    var seen = alias
    let share = alias.additionalVersionWeights[version] ?? 0
    if share > 0 { say("\(request.alias): going on at \(AliasState(alias).text)") }
    progress.alias = share > 0 ? AliasState(alias) : nil
    for step in request.traffic.remaining(from: share) {
      let state = AliasState(version: old, weights: [version: step.share])
      seen = try change(seen, to: state)
      say("\(request.alias): \(state.text), for \(step.hold.text)")
      try watch(version, old: old, for: step.hold) {
        try goBack(from: seen, to: old, memory: memory, $0)
      }
    }
    seen = try change(seen, to: AliasState(version: version), memory: .version(old))
    seen = try settled(seen, version: version, old: old, memory: memory)
    say("\(request.alias): version \(version) has all traffic (before: version \(old))")
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

  /// An alias with its own provisioned concurrency takes it along; when that fails, it goes back.
  private func settled(
    _ seen: AliasConfiguration, version: String, old: String, memory: String?
  ) throws -> AliasConfiguration {
    guard !client.isDryRun, try editor.provisioned() != nil else { return seen }
    do {
      try Readiness.settled(editor, with: client, waiter)
    } catch let failure as ProvisioningFailed {
      let latest = try editor.read()
      guard latest.functionVersion == version else { throw failure }
      try goBack(from: latest, to: old, memory: memory, failure.reason)
    }
    // Lambda's own weights have come and gone, each with a new revision.
    return try editor.read()
  }

  // MARK: Watching

  /// Looks at the version's metrics until the time is over.
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
          say("version \(version): \(health.text)")
          try goBack("version \(version): \(complaint)")
        }
        if isOver { try judge(health, version, hold, goBack) }
      }
      if isOver { return }
      // Points come once a minute, so that looking more often shows nothing new.
      try waiter.pause(min(30_000, rest), activity)
    }
  }

  private func judge(
    _ health: VersionHealth, _ version: String, _ hold: Interval, _ goBack: (String) throws -> Void
  ) throws {
    say("version \(version): \(health.text)")
    if health.invocations < request.limits.minimumInvocations {
      try goBack(
        "version \(version) had \(health.invocations) invocations in \(hold.text), "
          + "\(request.limits.minimumInvocations) were wanted")
    }
    if health.invocations == 0 {
      warn(
        "CloudWatch knows no invocation of version \(version) in \(hold.text): nothing was proved")
    }
  }

  func health(of version: String, old: String, since: Int64) throws -> VersionHealth {
    try VersionHealth.read(
      functionName: bareName, alias: request.alias, new: version, old: old, since: since,
      until: now, with: client)
  }

  // MARK: Back

  /// Gives the old version all traffic again.
  private func goBack(
    from seen: AliasConfiguration, to old: String, memory: String?, _ complaint: String
  ) throws {
    let version = progress.published ?? "the new version"
    let state = AliasState(version: old)
    // Lambda would leave the traffic at the version that failed until the old one is warm again: better cold
    // than wrong. Where it has not moved yet, it stays where it is warm.
    let own = try AliasState(seen).weights[old] == 1 ? nil : editor.provisioned()
    if own != nil {
      try client.write(
        DeleteProvisionedConcurrencyConfig(functionName: functionName, qualifier: request.alias))
    }
    // A deployment that never got further than a share has left the memory as it was.
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
