import AWSClient
import AWSControl

/// Changes one alias and never overwrites a concurrent change.
///
/// Every update carries the RevisionId that was read. After a stale one (412) the alias is read
/// again: when its traffic is unchanged, the update is retried once, otherwise it is refused.
package struct AliasEditor {
  package let functionName: String
  package let alias: String
  private let client: ControlClient

  package init(functionName: String, alias: String, client: ControlClient) {
    self.functionName = functionName
    self.alias = alias
    self.client = client
  }

  /// Reads the alias; an `AWSError` when there is none.
  package func read() throws -> AliasConfiguration {
    try client.read(GetAlias(functionName: functionName, alias: alias))
  }

  /// Reads the alias; nil when there is none.
  package func readIfPresent() throws -> AliasConfiguration? {
    try client.readIfPresent(
      GetAlias(functionName: functionName, alias: alias),
      absent: AWSErrorCode(rawValue: "ResourceNotFoundException"))
  }

  /// Reads the alias's own provisioned concurrency; nil when it has none.
  package func readProvisionedConcurrency() throws -> ProvisionedConcurrency? {
    try client.readIfPresent(
      GetProvisionedConcurrencyConfig(functionName: functionName, qualifier: alias),
      absent: AWSErrorCode(rawValue: "ProvisionedConcurrencyConfigNotFoundException"))
  }

  /// The version to roll back to that the alias's description records afterwards.
  package enum Memory: Sendable, Equatable {
    case kept
    /// This version; nil removes it.
    case version(String?)
  }

  /// Changes the alias, provided that its traffic is still as read.
  ///
  /// - Parameters:
  ///   - seen: the alias as read when the change was decided.
  ///   - target: the desired traffic.
  ///   - memory: the version that a rollback returns to.
  /// - Returns: the alias afterwards; nil in a dry run.
  /// - Throws: `Refusal` when the traffic was changed meanwhile; `AWSError`.
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
    // After a lost response the second attempt finds its own effect.
    if AliasState(now) == target, now.description == intended.description { return now }
    guard AliasState(now) == AliasState(seen) else {
      throw Refusal(
        "Alias \(alias) of \(functionName) was changed meanwhile: it was at "
          + "\(AliasState(seen).text), now it is at \(AliasState(now).text). Nothing was changed",
        advice: "Inspect it with alias show, then repeat the command if it is still right")
    }
    do {
      return try client.write(update(now, to: target, memory: memory))
    } catch let error as AWSError where error.code.rawValue == "PreconditionFailedException" {
      throw Refusal(
        "Alias \(alias) of \(functionName) is being changed by another operator "
          + "(its RevisionId was stale twice). Nothing was changed",
        advice: "Inspect it with alias show, then repeat the command")
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
