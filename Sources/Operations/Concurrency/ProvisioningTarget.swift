import AWSControl

/// The version or alias to provision, and what prevents it.
struct ProvisioningTarget: Sendable {
  let functionName: String
  let qualifier: String
  /// The version itself, or the one that the alias points to.
  let configuration: FunctionConfiguration
  /// The provisioned configurations of the function's other qualifiers.
  let others: [ProvisionedConcurrency]

  var version: String { configuration.version }
  var isAlias: Bool { !Self.isVersion(qualifier) }

  /// Whether the qualifier is a version number.
  static func isVersion(_ qualifier: String) -> Bool {
    !qualifier.isEmpty
      && qualifier.utf8.allSatisfy { (UInt8(ascii: "0")...UInt8(ascii: "9")).contains($0) }
  }

  /// Checks Lambda's conditions for the qualifier: four reads at the same time.
  ///
  /// - Throws: `Refusal` for `$LATEST`, an alias with weights, a version that is provisioned
  ///   elsewhere.
  static func read(
    functionName: String, qualifier: String, with client: ControlClient
  ) throws -> ProvisioningTarget {
    try refuseLatest(qualifier)
    let reads = ReadGroup(client)
    let alias =
      isVersion(qualifier)
      ? nil : reads.add(GetAlias(functionName: functionName, alias: qualifier))
    let found = reads.add(
      GetFunctionConfiguration(functionName: functionName, qualifier: qualifier))
    let allAliases = reads.addAll(ListAliases(functionName: functionName))
    let provisioned = reads.addAll(ListProvisionedConcurrencyConfigs(functionName: functionName))
    try reads.run()
    if let alias { try refuseWeights(alias.get()) }
    let configuration = try found.get()
    let aliases = try allAliases.get().filter { $0.functionVersion == configuration.version }
    let others = try provisioned.orNone().filter { $0.qualifier != qualifier }
    let names = [configuration.version] + aliases.map(\.name)
    if let taken = others.compactMap(\.qualifier).first(where: names.contains) {
      throw Refusal(
        "Version \(configuration.version) of \(qualifier) already has provisioned concurrency on "
          + "\(taken), and a version can have it only once",
        advice:
          "Delete that first: inferencectl concurrency deprovision --qualifier \(taken)")
    }
    return ProvisioningTarget(
      functionName: functionName, qualifier: qualifier, configuration: configuration,
      others: others)
  }

  static func refuseLatest(_ qualifier: String) throws {
    guard qualifier.hasPrefix("$LATEST") else { return }
    throw Refusal(
      "$LATEST cannot have provisioned concurrency",
      advice: "Publish a version, point an alias at it, and use the alias: --qualifier live")
  }

  private static func refuseWeights(_ alias: AliasConfiguration) throws {
    guard let (other, weight) = alias.additionalVersionWeights.min(by: { $0.key < $1.key }) else {
      return
    }
    throw Refusal(
      "Alias \(alias.name) splits its traffic between version \(alias.functionVersion) and \(other) "
        + "(weight \(weight)): meanwhile its provisioned concurrency cannot be changed",
      advice:
        "Promote or roll back first. After an alias with provisioned concurrency was pointed to another version, "
        + "Lambda sets weights itself until the new version is ready")
  }
}
