import AWSControl

/// One version with what uses it.
package struct FunctionVersion: Sendable {
  package let configuration: FunctionConfiguration
  /// Aliases that point to it, or give it a share of their traffic, by name.
  package let aliases: [AliasUse]
  /// Its provisioned concurrency, on itself or on an alias that points to it; nil when it has none.
  package let provisioned: ProvisionedConcurrency?
  /// Aliases that would go back to it with `alias rollback`, by name.
  package let rollbackTargetOf: [String]

  package struct AliasUse: Sendable, Equatable {
    package let name: String
    /// 0 to 1.
    package let share: Double
  }
}

/// What versions a function has and what uses them.
package enum VersionInventory {
  /// Reads versions, aliases and provisioned concurrency at the same time: three calls, more for many
  /// versions.
  ///
  /// - Returns: `$LATEST` first, then the newest version.
  package static func read(
    functionName: String, with client: ControlClient
  ) throws -> [FunctionVersion] {
    let reads = ReadGroup(client)
    let allVersions = reads.addAll(ListVersionsByFunction(functionName: functionName))
    let allAliases = reads.addAll(ListAliases(functionName: functionName))
    let configurations = reads.addAll(
      ListProvisionedConcurrencyConfigs(functionName: functionName))
    try reads.run()
    let (versions, aliases) = (try allVersions.get(), try allAliases.get())
    let provisioned = try configurations.orNone()
    return versions.sorted { order($0.version) > order($1.version) }.map { version in
      let uses = aliases.compactMap { use(of: $0, for: version.version) }
      let pointing = aliases.filter { $0.functionVersion == version.version }.map(\.name)
      return FunctionVersion(
        configuration: version, aliases: uses.sorted { $0.name < $1.name },
        provisioned: provisioned.first { configuration in
          configuration.qualifier.map { $0 == version.version || pointing.contains($0) } ?? false
        },
        rollbackTargetOf: aliases.filter {
          AliasMemory(description: $0.description).previous?.before == version.version
        }.map(\.name).sorted())
    }
  }

  private static func order(_ version: String) -> Int { Int(version) ?? .max }

  private static func use(
    of alias: AliasConfiguration, for version: String
  ) -> FunctionVersion.AliasUse? {
    let weights = alias.additionalVersionWeights
    if alias.functionVersion == version {
      return .init(name: alias.name, share: 1 - weights.values.reduce(0, +))
    }
    return weights[version].map { .init(name: alias.name, share: $0) }
  }
}
