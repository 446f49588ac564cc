import AWSControl

/// The traffic's move to the new version, and where it is.
struct TrafficRollout {
  /// How often a read is repeated, at intervals of a second.
  private static let maximumLateReads = 5

  let version: String
  let old: String
  let codeSHA256: String
  /// The move to the old version, which a rollback restores in the alias's memory.
  let previous: AliasMemory.Move?
  /// When the new version got its first traffic, Unix seconds.
  let since: Int64
  private let context: DeploymentContext
  /// Whether the version is marked as not proven while it has traffic.
  private let isMarked: Bool
  /// The alias as last written or read.
  private var seen: AliasConfiguration
  /// The traffic that is intended; different from what was seen if a response was lost.
  private var intended: AliasState
  /// Revisions before the last write: a read that still finds one is late.
  private var formerRevisions: Set<String> = []

  /// A rollout that has not changed anything yet, or one that resumes.
  ///
  /// - Parameter old: the version before; where the alias already has the new one, the recorded one.
  init(
    _ context: DeploymentContext, from alias: AliasConfiguration, to version: String, old: String
  ) {
    let memory = AliasMemory(description: alias.description)
    self.context = context
    self.version = version
    self.old = old
    codeSHA256 = context.request.package.codeSHA256
    previous = memory.previous?.version == old ? memory.previous : nil
    since = memory.watch.flatMap { $0.version == version ? $0.since : nil } ?? context.now
    let request = context.request
    isMarked =
      request.watches && (!request.traffic.steps.isEmpty || request.bake.milliseconds > 0)
    seen = alias
    intended = AliasState(alias)
  }

  /// Gives the new version a share of the traffic.
  mutating func shift(to share: Double) throws {
    let (version, since, isMarked) = (version, since, isMarked)
    try change(to: AliasState(version: old, weights: [version: share])) { memory in
      memory.rolledBack = nil
      memory.watch = isMarked ? .init(version: version, since: since) : nil
    }
  }

  /// Sends all traffic to the new version. Unless it is watched afterwards, it counts as proven.
  mutating func cutOver() throws {
    let (version, since, old, code) = (version, since, old, codeSHA256)
    let isWatched = isMarked && context.request.bake.milliseconds > 0
    try change(to: AliasState(version: version)) { memory in
      memory.move(to: version, from: old)
      if isWatched {
        memory.watch = .init(version: version, since: since)
      } else {
        memory.removeFailure(ofCode: code)
      }
    }
  }

  /// Waits while Lambda moves an alias's own provisioned concurrency.
  mutating func settle() throws {
    guard !context.client.isDryRun, try context.editor.readProvisionedConcurrency() != nil else {
      return
    }
    do {
      try Readiness.waitForAlias(context.editor, with: context.client, context.waiter)
    } catch let failure as ProvisioningFailed {
      throw VersionFailed(complaint: failure.reason, isMarked: false)
    }
    // Lambda has set and removed weights of its own, each with a new revision.
    let now = try readAlias()
    guard AliasState(now) == AliasState(version: version) else {
      throw takenOver(by: AliasState(now))
    }
    seen = now
  }

  /// Removes the mark of a version that was watched and passed.
  mutating func acknowledge() throws {
    guard !context.client.isDryRun, AliasMemory(description: seen.description).watch != nil else {
      return
    }
    let code = codeSHA256
    try change(to: AliasState(version: version)) { memory in
      memory.watch = nil
      memory.removeFailure(ofCode: code)
    }
  }

  private mutating func change(
    to state: AliasState, remember: (inout AliasMemory) -> Void
  ) throws {
    var memory = AliasMemory(description: seen.description)
    remember(&memory)
    if AliasState(seen) == state, memory.description == seen.description { return }
    intended = state
    // Also when the response is lost: the write may have had its effect.
    if !context.client.isDryRun, let former = seen.revisionID { formerRevisions.insert(former) }
    guard let changed = try context.editor.change(seen, to: state, remember: remember) else {
      return
    }
    seen = changed
  }

  // MARK: Where the traffic is

  /// Reads the alias, again when the read is older than the last write.
  func readAlias() throws -> AliasConfiguration {
    for _ in 0..<Self.maximumLateReads {
      let now = try context.editor.read()
      guard isLate(now) else { return now }
      context.waiter.clock.sleep(1_000)
    }
    // Late for so long: the last write had no effect.
    return try context.editor.read()
  }

  private func isLate(_ alias: AliasConfiguration) -> Bool {
    alias.revisionID.map(formerRevisions.contains) ?? false
  }

  /// Reads the alias.
  ///
  /// - Throws: `TrafficTakenOver` when someone else has moved the traffic.
  func requireUnmoved() throws {
    let now = try context.editor.read()
    if isLate(now) { return }
    guard AliasState(now) == AliasState(seen) else { throw takenOver(by: AliasState(now)) }
  }

  /// Whether this deployment may have moved the traffic there.
  func isOwn(_ state: AliasState) -> Bool {
    if state == intended || state == AliasState(seen) { return true }
    // Lambda's own weights while it moves provisioned concurrency.
    return intended.version == version && state.version == version
      && Set(state.weights.keys) == [old]
  }

  func takenOver(by state: AliasState, complaint: String? = nil) -> TrafficTakenOver {
    var text = complaint.map { "\($0). " } ?? ""
    text +=
      "Alias \(context.alias) was moved by someone else: this deployment had sent the traffic to "
      + "\(AliasState(seen).text), now it is at \(state.text), and was left there"
    if state.share(of: version) > 0 {
      text +=
        ". Version \(version) is not proven and no longer watched. To take its traffic away: "
        + DeploymentState(context, self).rollback(to: old)
    }
    return TrafficTakenOver(state: text)
  }
}

/// The new version must not keep its traffic.
struct VersionFailed: Error {
  let complaint: String
  /// Whether its code is marked as failed.
  var isMarked = true
}
