import AWSControl

/// Provisioned concurrency during a deployment.
///
/// Lambda's rules: a version has one configuration, on itself or on an alias that points to it; an
/// alias with its own accepts no weights; when such an alias is pointed to another version, Lambda
/// moves it by weights.
extension Deployment {
  func refuseWhatCannotWork(_ live: Live, reserved: Int?) throws {
    guard let alias = live.alias else { return }
    if let other = alias.additionalVersionWeights.keys.first {
      let code = try client.read(
        GetFunctionConfiguration(functionName: functionName, qualifier: other)
      ).codeSHA256
      guard code == request.package.codeSHA256 else { throw anotherDeployment(alias) }
    }
    if let onAlias = live.onAlias, !request.traffic.steps.isEmpty {
      guard request.movesProvisioned else {
        throw Refusal(
          "Alias \(alias.name) has provisioned concurrency (\(onAlias.requested)), and Lambda accepts no "
            + "weights on such an alias: --canary and --linear are not possible. Nothing was changed",
          advice:
            "Omit them, and Lambda moves the alias when the new version is warm; or use "
            + "--move-provisioned to move it to the versions, once, see docs/operations-deploy.md"
        )
      }
      try refuseAutoscaledAlias(alias.name)
    }
    if let reserved { try refuseTooFewReserved(reserved, live) }
    if request.watches, !request.traffic.steps.isEmpty {
      // Else a missing permission is found only with traffic on an unmonitored version.
      _ = try health(of: alias.functionVersion, old: alias.functionVersion, since: now)
    }
  }

  /// Both versions are provisioned during the deployment.
  private func refuseTooFewReserved(_ reserved: Int, _ live: Live) throws {
    guard let wanted = (live.onVersion ?? live.onAlias)?.requested,
      live.onAlias == nil || !request.traffic.steps.isEmpty
    else { return }
    let sum = live.provisioned.values.reduce(0) { $0 + $1.requested }
    guard sum + wanted > reserved, try !isProvisionedAlready(live) else { return }
    throw Refusal(
      "The new version needs \(wanted) provisioned environments in addition to the present \(sum), but "
        + "only \(reserved) are reserved for \(functionName). Nothing was changed",
      advice: "Use concurrency reserve \(sum + wanted) for the duration of the deployment")
  }

  /// Whether an earlier run has provisioned a version of this code.
  private func isProvisionedAlready(_ live: Live) throws -> Bool {
    let others = live.provisioned.keys.filter { $0 != live.alias?.functionVersion }
    guard others.contains(where: { Int($0) != nil }) else { return false }
    return try client.all(ListVersionsByFunction(functionName: functionName)).contains {
      $0.codeSHA256 == request.package.codeSHA256 && others.contains($0.version)
    }
  }

  private func refuseAutoscaledAlias(_ alias: String) throws {
    let resource = ScalableResource.provisionedConcurrency(
      functionName: bareName, qualifier: alias)
    guard try client.all(DescribeScalableTargets(resource: resource)).isEmpty else {
      throw Refusal(
        "The provisioned concurrency of alias \(alias) is autoscaled and cannot be moved to the versions. "
          + "Nothing was changed",
        advice: "Use concurrency autoscale off first, or deploy without --canary and --linear")
    }
  }

  /// Provisions the new version like the old one, before it gets any traffic.
  func provision(_ version: String, old: String, _ live: Live) throws {
    if let onAlias = live.onAlias {
      // All at once: Lambda moves it with the alias.
      guard !request.traffic.steps.isEmpty else { return }
      try provide(onAlias.requested, on: version, live)
      try client.write(
        DeleteProvisionedConcurrencyConfig(functionName: functionName, qualifier: request.alias))
      report("\(request.alias): provisioned concurrency moves to the versions")
      try provide(onAlias.requested, on: old, live)
    } else if let onVersion = live.onVersion {
      try provide(onVersion.requested, on: version, live)
    } else if request.movesProvisioned, let onNew = live.provisioned[version] {
      // Interrupted after it was deleted from the alias and before the old version was provisioned.
      try provide(onNew.requested, on: version, live)
      try provide(onNew.requested, on: old, live)
    }
  }

  private func provide(_ count: Int, on version: String, _ live: Live) throws {
    let seen = live.provisioned[version]
    let isThere = seen.map { $0.requested == count && $0.status != "FAILED" } ?? false
    if !isThere {
      try client.write(
        PutProvisionedConcurrencyConfig(
          functionName: functionName, qualifier: version, provisioned: count))
    }
    progress.provisioned.append(version)
    if client.isDryRun { return }
    do {
      _ = try Readiness.waitForProvisionedConcurrency(
        functionName: functionName, qualifier: version, with: client, waiter)
    } catch let failure as ProvisioningFailed where version == progress.published {
      try client.write(
        DeleteProvisionedConcurrencyConfig(functionName: functionName, qualifier: version))
      throw RolledBack(
        complaint: failure.reason,
        state:
          "Version \(version) is published and got no traffic; its provisioned concurrency was "
          + "deleted; alias \(request.alias) is unchanged")
    }
    report("version \(version): \(count) provisioned and ready")
  }

  /// Deletes the old version's own provisioned concurrency, when the new one has some.
  func release(_ old: String, keeping version: String, of live: Live) throws {
    let oldHasSome = live.provisioned[old] != nil || progress.provisioned.contains(old)
    let newHasSome = live.provisioned[version] != nil || progress.provisioned.contains(version)
    guard oldHasSome, newHasSome else { return }
    guard !request.keepsOldProvisioned else {
      warn("version \(old) keeps its provisioned concurrency, which is billed")
      return
    }
    let user = try client.all(ListAliases(functionName: functionName)).first {
      $0.name != request.alias
        && ($0.functionVersion == old || $0.additionalVersionWeights[old] != nil)
    }
    if let user {
      warn("version \(old) keeps its provisioned concurrency: alias \(user.name) uses it")
      return
    }
    try client.write(
      DeleteProvisionedConcurrencyConfig(functionName: functionName, qualifier: old))
    progress.provisioned.removeAll { $0 == old }
    report("version \(old): no longer provisioned")
  }
}
