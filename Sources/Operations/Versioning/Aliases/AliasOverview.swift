import AWSControl

/// An alias with its traffic, its rollback version and its provisioned concurrency.
package struct AliasOverview: Sendable {
  private let functionName: String
  package let name: String
  package let state: AliasState
  package let memory: AliasMemory
  package let revisionID: String?
  /// Its own provisioned concurrency, not that of its version; nil when it has none.
  package let provisioned: ProvisionedConcurrency?
  /// Provisioned environments that a run removed and has not restored; nil for none.
  package let missingProvisioned: Int?

  /// The version that has traffic although no deployment has judged it yet; nil when there is none.
  package var unprovenVersion: String? {
    guard let version = memory.watch?.version, state.share(of: version) > 0 else { return nil }
    return version
  }

  /// What an operator must know about an interrupted run.
  package var warnings: [String] { [unprovenWarning, missingWarning].compactMap { $0 } }

  private var missingWarning: String? {
    guard let count = missingProvisioned else { return nil }
    return
      "\(count) provisioned environments of \(name) were removed by a rollback or a move that still runs or was "
      + "interrupted. The next deploy or alias rollback restores them; to restore them now: "
      + AliasProvisioning.command(count, functionName: functionName, alias: name)
  }

  private var unprovenWarning: String? {
    guard let version = unprovenVersion, let since = memory.watch?.since else { return nil }
    return
      "version \(version) has \(Share.text(state.share(of: version))) of \(name)'s traffic since "
      + "\(MinuteText.text(since)) and is not proven: a deployment is watching it or was interrupted. To "
      + "resume it, run the same deploy command; to end it, use alias rollback"
  }

  /// Reads one alias, or all of them by name.
  ///
  /// - Throws: `AWSError`, with `ResourceNotFoundException` for an alias that does not exist.
  package static func read(
    functionName: String, alias: String?, with client: ControlClient
  ) throws -> [AliasOverview] {
    let reads = ReadGroup(client)
    let one = alias.map { reads.add(GetAlias(functionName: functionName, alias: $0)) }
    let all = alias == nil ? reads.addAll(ListAliases(functionName: functionName)) : nil
    let configurations = reads.addAll(
      ListProvisionedConcurrencyConfigs(functionName: functionName))
    try reads.run()
    let aliases = try one.map { [try $0.get()] } ?? all?.get() ?? []
    let provisioned = try configurations.orNone()
    return aliases.sorted { $0.name < $1.name }.map { alias in
      AliasOverview(
        functionName: functionName, name: alias.name, state: AliasState(alias),
        memory: AliasMemory(description: alias.description), revisionID: alias.revisionID,
        provisioned: provisioned.first { $0.qualifier == alias.name },
        missingProvisioned: AliasProvisioning.missing(alias, provisioned))
    }
  }
}
