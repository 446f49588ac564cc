import AWSClient
import AWSControl
import Platform

/// Someone else changed the alias's traffic while this program was about to.
package struct AliasMoved: ReportableError, Equatable, Sendable {
  package let alias: String
  package let functionName: String
  /// The traffic as it was read when the change was decided.
  package let before: AliasState
  package let now: AliasState

  package var errorType: String { "Operations.AliasMoved" }
  package var message: String {
    let move =
      before == now
      ? "someone rolled it back to \(now.text)"
      : "it was at \(before.text), now it is at \(now.text)"
    return "Alias \(alias) of \(functionName) was changed meanwhile: \(move). Nothing was changed. "
      + "Inspect it with alias show, then repeat the command if it is still right"
  }
}

/// Changes one alias and never overwrites a concurrent change.
///
/// Every update carries the RevisionId that was read. After a stale one (412) the alias is read
/// again: when its traffic is unchanged, the update is repeated, otherwise it is refused. Another
/// operation in progress (409) is waited for by `ControlClient.write`.
package struct AliasEditor {
  /// How often an update is sent at most: stale reads take seconds.
  private static let maximumAttempts = 20

  package let functionName: String
  package let alias: String
  private let client: ControlClient
  /// Waits between two attempts.
  private let pause: (_ milliseconds: Int64) throws -> Void

  /// - Parameter pause: by default the client's clock; a waiter's throws at Ctrl-C.
  package init(
    functionName: String, alias: String, client: ControlClient,
    pause: ((_ milliseconds: Int64) throws -> Void)? = nil
  ) {
    self.functionName = functionName
    self.alias = alias
    self.client = client
    self.pause = pause ?? { [clock = client.clock] in clock.sleep($0) }
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

  /// Changes the alias, provided that its traffic is still as read.
  ///
  /// - Parameters:
  ///   - seen: the alias as read when the change was decided.
  ///   - target: the desired traffic.
  ///   - remember: changes the memory that is in the description at the time of the write.
  /// - Returns: the alias afterwards; nil in a dry run.
  /// - Throws: `AliasMoved` when the traffic was changed meanwhile; `AWSError`; `Refusal`.
  package func change(
    _ seen: AliasConfiguration, to target: AliasState,
    remember: (inout AliasMemory) -> Void = { _ in }
  ) throws -> AliasConfiguration? {
    var base = seen
    var attempt = 0
    while true {
      attempt += 1
      let update = update(base, to: target, remember: remember)
      do {
        return try client.write(update)
      } catch let error as AWSError where error.code == .staleRevision {
        guard attempt < Self.maximumAttempts else {
          throw Refusal(
            "Alias \(alias) of \(functionName) is being changed by another operator (its RevisionId was stale "
              + "\(attempt) times). Nothing was changed",
            advice: "Inspect it with alias show, then repeat the command")
        }
        let now = try read()
        // After a lost response the second attempt finds its own effect.
        if AliasState(now) == target, now.description == update.description { return now }
        guard AliasState(now) == AliasState(seen), Self.rollback(now) == Self.rollback(seen) else {
          throw AliasMoved(
            alias: alias, functionName: functionName, before: AliasState(seen),
            now: AliasState(now))
        }
        // A read may be older than the last write; the next one is not.
        if now.revisionID == base.revisionID { try pause(1_000) }
        base = now
      }
    }
  }

  /// A rollback that is new in the alias's memory must not be undone, also where the traffic is the
  /// same as before a lost write.
  private static func rollback(_ alias: AliasConfiguration) -> AliasMemory.Move? {
    AliasMemory(description: alias.description).rolledBack
  }

  private func update(
    _ seen: AliasConfiguration, to target: AliasState, remember: (inout AliasMemory) -> Void
  ) -> UpdateAlias {
    var memory = AliasMemory(description: seen.description)
    remember(&memory)
    return UpdateAlias(
      functionName: functionName, alias: alias, functionVersion: target.version,
      description: memory.description, additionalVersionWeights: target.weights,
      revisionID: seen.revisionID)
  }
}

extension AWSErrorCode {
  /// The RevisionId is not the newest (412).
  static let staleRevision = AWSErrorCode(rawValue: "PreconditionFailedException")
}
