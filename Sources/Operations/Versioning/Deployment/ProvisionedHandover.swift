import AWSControl
import Concurrency

/// Provisioned concurrency during a deployment.
///
/// Lambda's rules: a version has one configuration, on itself or on an alias that points to it; an
/// alias with its own accepts no weights; when such an alias is pointed to another version, Lambda
/// moves it by weights.
struct ProvisionedHandover {
  private let context: DeploymentContext
  private let live: Live
  /// Versions with provisioned concurrency, as far as this deployment has changed it.
  private var versions: Set<String>
  private var request: Deployment.Request { context.request }
  private var client: ControlClient { context.client }
  private var functionName: String { context.functionName }

  init(_ context: DeploymentContext, live: Live) {
    self.context = context
    self.live = live
    versions = Set(live.provisioned.keys.filter { Int($0) != nil })
  }

  // MARK: Before any change

  /// Refuses what Lambda would refuse halfway.
  ///
  /// - Parameter reserved: the function's reserved concurrency.
  func check(reserved: Int?) throws {
    if let onAlias = live.onAlias, !request.traffic.steps.isEmpty {
      guard request.movesProvisioned else {
        throw Refusal(
          "Alias \(context.alias) has provisioned concurrency (\(onAlias.requested)), and Lambda accepts no "
            + "weights on such an alias: --canary and --linear are not possible. Nothing was changed",
          advice:
            "Omit them, and Lambda moves the alias when the new version is warm; or use "
            + "--move-provisioned to move it to the versions, once, see docs/operations-deploy.md"
        )
      }
      try refuseAutoscaledAlias()
    }
    if let reserved {
      try refuseTooFewReserved(reserved)
    } else {
      try refuseTooLittleRoom()
    }
  }

  /// How many environments the new version needs beside the present ones; nil for none, or when an
  /// earlier run has provisioned them.
  private func additional() throws -> Int? {
    guard let wanted = (live.onVersion ?? live.onAlias)?.requested,
      live.onAlias == nil || !request.traffic.steps.isEmpty, try !isProvisionedAlready()
    else { return nil }
    return wanted
  }

  private func refuseTooLittleRoom() throws {
    guard let wanted = try additional() else { return }
    try ProvisionedRoom.check(adding: wanted, toFunction: functionName, with: client)
  }

  /// Both versions are provisioned during the deployment.
  private func refuseTooFewReserved(_ reserved: Int) throws {
    guard let wanted = try additional() else { return }
    let sum = live.provisioned.values.reduce(0) { $0 + $1.requested }
    guard sum + wanted > reserved else { return }
    throw Refusal(
      "The new version needs \(wanted) provisioned environments in addition to the present \(sum), but "
        + "only \(reserved) are reserved for \(functionName). Nothing was changed",
      advice: "Use concurrency reserve \(sum + wanted) for the duration of the deployment")
  }

  /// Whether an earlier run has provisioned a version of this code.
  private func isProvisionedAlready() throws -> Bool {
    let others = versions.filter { $0 != live.alias?.functionVersion }
    guard !others.isEmpty else { return false }
    return try client.all(ListVersionsByFunction(functionName: functionName)).contains {
      $0.codeSHA256 == request.package.codeSHA256 && others.contains($0.version)
    }
  }

  private func refuseAutoscaledAlias() throws {
    let resource = ScalableResource.provisionedConcurrency(
      functionName: functionName, qualifier: context.alias)
    guard try client.all(DescribeScalableTargets(resource: resource)).isEmpty else {
      throw Refusal(
        "The provisioned concurrency of alias \(context.alias) is autoscaled and cannot be moved to the versions. "
          + "Nothing was changed",
        advice: "Use concurrency autoscale off first, or deploy without --canary and --linear")
    }
  }

  // MARK: Steps

  /// Provisions the new version like the old one, before it gets any traffic.
  ///
  /// - Returns: the alias afterwards, whose traffic is the same.
  /// - Throws: `RolledBack` when Lambda could not do it; the version has no traffic then.
  mutating func provision(
    _ version: String, from alias: AliasConfiguration
  ) throws -> AliasConfiguration {
    let old = alias.functionVersion
    if live.onAlias != nil || request.movesProvisioned, let count = live.countOfAlias {
      // All at once: Lambda moves it with the alias.
      guard !request.traffic.steps.isEmpty else { return alias }
      return try moveToVersions(count, from: alias, version)
    }
    if let onVersion = live.onVersion {
      try provide(onVersion.requested, on: version, isNew: true)
      try scale(version, like: old)
    }
    return alias
  }

  /// Also where an earlier run was interrupted after it was removed from the alias.
  private mutating func moveToVersions(
    _ count: Int, from alias: AliasConfiguration, _ version: String
  ) throws -> AliasConfiguration {
    try provide(count, on: version, isNew: true)
    var now = alias
    if live.onAlias != nil {
      now = try context.provisioning.record(count, in: alias)
      try context.provisioning.remove()
      context.report("\(context.alias): provisioned concurrency moves to the versions")
    }
    do {
      try provide(count, on: alias.functionVersion, isNew: false)
    } catch {
      if !versions.contains(alias.functionVersion) {
        context.warn(
          "the \(count) provisioned environments of alias \(context.alias) are removed and not back yet. To continue, "
            + "run the same command again; to restore them: \(context.provisionCommand(count))")
      }
      throw error
    }
    return try context.provisioning.forget(now)
  }

  /// The new version is scaled as the old one is, with the same policies and schedules.
  private func scale(_ version: String, like old: String) throws {
    guard let scaling = try scaling(of: old) else { return }
    try scaling.copy(to: version, with: client)
    context.report(
      "version \(version): autoscaled between \(scaling.bounds.minimum) and \(scaling.bounds.maximum), like version \(old)"
    )
  }

  /// Nil when the version is not autoscaled, or that cannot be read.
  private func scaling(of version: String) throws -> AutoscalingHandover? {
    var notes: [String] = []
    let scaling = try client.attempt("The autoscaling of version \(version)", notes: &notes) {
      try AutoscalingHandover.read(
        functionName: functionName, qualifier: version, with: client)
    }
    notes.forEach(context.warn)
    return scaling?.flatMap { $0 }
  }

  private mutating func provide(_ count: Int, on version: String, isNew: Bool) throws {
    let seen = live.provisioned[version]
    let isThere = seen.map { $0.requested == count && $0.status != "FAILED" } ?? false
    if !isThere {
      try client.write(
        PutProvisionedConcurrencyConfig(
          functionName: functionName, qualifier: version, provisioned: count))
    }
    versions.insert(version)
    if client.isDryRun { return }
    do {
      _ = try Readiness.waitForProvisionedConcurrency(
        functionName: functionName, qualifier: version, with: client, context.waiter)
    } catch let failure as ProvisioningFailed where isNew {
      try client.write(
        DeleteProvisionedConcurrencyConfig(functionName: functionName, qualifier: version))
      throw RolledBack(
        complaint: failure.reason,
        state:
          "Version \(version) is published and got no traffic; its provisioned concurrency was "
          + "deleted; alias \(context.alias) is unchanged")
    }
    context.report("version \(version): \(count) provisioned and ready")
  }

  /// Deletes the old version's own provisioned concurrency, when the new one has some.
  func release(_ old: String, keeping version: String) throws {
    guard versions.contains(old), versions.contains(version) else { return }
    guard !request.keepsOldProvisioned else {
      context.warn("version \(old) keeps its provisioned concurrency, which is billed")
      return
    }
    if let user = try user(of: old) {
      context.warn("version \(old) keeps its provisioned concurrency: alias \(user) uses it")
      return
    }
    // Else Application Auto Scaling would provision it again.
    let scaling = try scaling(of: old)
    try scaling?.end(with: client)
    try client.write(
      DeleteProvisionedConcurrencyConfig(functionName: functionName, qualifier: old))
    // Lambda deletes without a condition, so that a rollback may have come in between.
    if let user = try user(of: old),
      let count = live.provisioned[old]?.requested ?? live.countOfAlias
    {
      try client.write(
        PutProvisionedConcurrencyConfig(
          functionName: functionName, qualifier: old, provisioned: count))
      try scaling?.copy(to: old, with: client)
      context.warn("version \(old) is provisioned again: alias \(user) was moved to it meanwhile")
      return
    }
    context.report("version \(old): no longer provisioned")
  }

  /// An alias that sends traffic to a version; also the deployed one, when someone else has rolled it back.
  private func user(of version: String) throws -> String? {
    try client.all(ListAliases(functionName: functionName)).first {
      // A dry run has not moved it.
      ($0.name != context.alias || !client.isDryRun)
        && ($0.functionVersion == version || $0.additionalVersionWeights[version] != nil)
    }?.name
  }
}
