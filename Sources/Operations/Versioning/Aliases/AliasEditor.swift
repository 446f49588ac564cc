import AWSClient
import AWSControl

/// Changes one alias, never over somebody else's change.
///
/// Every update carries the RevisionId that was read. A stale one (412) is looked into: when the traffic
/// still goes where it went, the update is tried once more, else it is refused.
package struct AliasEditor {
  /// The function.
  package let functionName: String
  /// The alias.
  package let alias: String
  private let client: ControlClient

  /// An editor of one alias.
  package init(functionName: String, alias: String, client: ControlClient) {
    self.functionName = functionName
    self.alias = alias
    self.client = client
  }

  /// The alias; an `AWSError` when there is none.
  package func read() throws -> AliasConfiguration {
    try client.read(GetAlias(functionName: functionName, alias: alias))
  }

  /// The alias; nil when there is none.
  package func readIfPresent() throws -> AliasConfiguration? {
    try client.readIfPresent(
      GetAlias(functionName: functionName, alias: alias),
      absent: AWSErrorCode(rawValue: "ResourceNotFoundException"))
  }

  /// Its own provisioned concurrency; nil when it has none.
  package func provisioned() throws -> ProvisionedConcurrency? {
    try client.readIfPresent(
      GetProvisionedConcurrencyConfig(functionName: functionName, qualifier: alias),
      absent: AWSErrorCode(rawValue: "ProvisionedConcurrencyConfigNotFoundException"))
  }

  /// What the alias remembers afterwards as the version to roll back to.
  package enum Memory: Sendable, Equatable {
    /// What it remembers now.
    case kept
    /// This version; nil forgets it.
    case version(String?)
  }

  /// Changes the alias from what was seen.
  ///
  /// - Parameters:
  ///   - seen: as it was read when the change was decided.
  ///   - target: where the traffic shall go.
  ///   - memory: what a rollback goes back to.
  /// - Returns: the alias afterwards; nil when it was only planned.
  /// - Throws: `Refusal` when somebody else has moved the traffic meanwhile; `AWSError`.
  package func change(
    _ seen: AliasConfiguration, to target: AliasState, memory: Memory = .kept
  ) throws -> AliasConfiguration? {
    do {
      return try client.write(update(seen, to: target, memory: memory))
    } catch let error as AWSError where error.code.rawValue == "PreconditionFailedException" {
      return try changeAgain(seen, to: target, memory: memory)
    }
  }

  private func changeAgain(
    _ seen: AliasConfiguration, to target: AliasState, memory: Memory
  ) throws -> AliasConfiguration? {
    let now = try read()
    let intended = update(seen, to: target, memory: memory)
    // An answer that was lost on the way: the second try met its own effect.
    if AliasState(now) == target, now.description == intended.description { return now }
    guard AliasState(now) == AliasState(seen) else {
      throw Refusal(
        "Somebody else changed alias \(alias) of \(functionName) meanwhile: it was at "
          + "\(AliasState(seen).text), now it is at \(AliasState(now).text). Nothing was done",
        advice: "Look at it with alias show, then repeat the command if it is still right")
    }
    do {
      return try client.write(update(now, to: target, memory: memory))
    } catch let error as AWSError where error.code.rawValue == "PreconditionFailedException" {
      throw Refusal(
        "Alias \(alias) of \(functionName) is being changed by somebody else at this moment "
          + "(its RevisionId was stale twice). Nothing was done",
        advice: "Look at it with alias show, then repeat the command")
    }
  }

  private func update(
    _ seen: AliasConfiguration, to target: AliasState, memory: Memory
  ) -> UpdateAlias {
    var description = AliasMemory(description: seen.description)
    if case .version(let version) = memory { description.previous = version }
    return UpdateAlias(
      functionName: functionName, alias: alias, functionVersion: target.version,
      description: description.description, additionalVersionWeights: target.weights,
      revisionID: seen.revisionID)
  }
}
