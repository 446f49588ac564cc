import AWSClient
import AWSControl

/// What an operator does with an alias: point, shift, promote, roll back.
package struct AliasOperations {
  /// What became of it.
  package struct Outcome: Sendable, Equatable {
    /// Where the traffic went before; nil when the alias was made.
    package let before: AliasState?
    /// Where it goes now, or would with `--dry-run`.
    package let after: AliasState
    /// A version that got traffic and is not provisioned, although the one before is; nil when there is none.
    package let coldVersion: String?
    /// Whether there was anything to do.
    package var isChanged: Bool { before != after }
  }

  /// The alias's editor.
  package let editor: AliasEditor
  private let client: ControlClient
  private var functionName: String { editor.functionName }

  /// Operations on one alias.
  package init(functionName: String, alias: String, client: ControlClient) {
    editor = AliasEditor(functionName: functionName, alias: alias, client: client)
    self.client = client
  }

  /// Points the alias to a version, without weights; makes the alias when there is none.
  package func point(to version: String) throws -> Outcome {
    try requireVersion(version)
    guard let seen = try editor.readIfPresent() else {
      try client.write(
        CreateAlias(functionName: functionName, alias: editor.alias, functionVersion: version))
      return Outcome(before: nil, after: AliasState(version: version), coldVersion: nil)
    }
    return try move(seen, to: AliasState(version: version))
  }

  /// Gives another version a share of the traffic; 0 takes it away.
  package func shift(to version: String, weight: Double) throws -> Outcome {
    let seen = try editor.read()
    guard version != seen.functionVersion else {
      throw Refusal(
        "Alias \(editor.alias) points to version \(version) itself; a share goes to another version",
        advice: "alias show tells where the traffic goes")
    }
    if let other = seen.additionalVersionWeights.keys.first, other != version {
      throw Refusal(
        "Alias \(editor.alias) is at \(AliasState(seen).text) already, and Lambda splits between two only",
        advice: "Use alias promote or alias rollback first")
    }
    guard weight > 0 else { return try move(seen, to: AliasState(version: seen.functionVersion)) }
    try requireVersion(version)
    if let provisioned = try editor.provisioned() {
      throw Self.weightsAndProvisioned(editor.alias, provisioned.requested)
    }
    return try move(
      seen, to: AliasState(version: seen.functionVersion, weights: [version: weight]))
  }

  /// Gives the version that has a share of the traffic all of it.
  package func promote() throws -> Outcome {
    let seen = try editor.read()
    guard let version = seen.additionalVersionWeights.keys.first else {
      throw Refusal(
        "Alias \(editor.alias) is at \(AliasState(seen).text) alone: there is nothing to promote",
        advice: "Use alias shift first, or alias point --to a version")
    }
    if try editor.provisioned() != nil {
      throw Refusal(
        "These weights are Lambda's own: it moves the alias's provisioned concurrency from version "
          + "\(version) to version \(seen.functionVersion) and takes them away when it is done",
        advice: "alias show tells how far it is; alias point --to a version decides otherwise")
    }
    return try move(seen, to: AliasState(version: version))
  }

  /// Takes the other version's share away; where there is none, goes back to the version before.
  package func rollback() throws -> Outcome {
    let seen = try editor.read()
    let isMoving = try !seen.additionalVersionWeights.isEmpty && editor.provisioned() != nil
    if !seen.additionalVersionWeights.isEmpty, !isMoving {
      return try move(seen, to: AliasState(version: seen.functionVersion))
    }
    guard let previous = AliasMemory(description: seen.description).previous else {
      throw Refusal(
        "Alias \(editor.alias) remembers no version before \(seen.functionVersion): nobody has moved "
          + "it with this program yet",
        advice: "Use alias point --to a version; versions list shows them")
    }
    try requireVersion(previous)
    return try move(seen, to: AliasState(version: previous))
  }

  // MARK: Parts

  private func move(_ seen: AliasConfiguration, to target: AliasState) throws -> Outcome {
    let before = AliasState(seen)
    guard before != target else {
      return Outcome(before: before, after: before, coldVersion: nil)
    }
    let leaves = target.version != before.version
    if leaves, try editor.provisioned() != nil { try requireUnprovisioned(target.version) }
    let after = try editor.change(
      seen, to: target, memory: leaves ? .version(before.version) : .kept)
    return Outcome(
      before: before, after: after.map { AliasState($0) } ?? target,
      coldVersion: try coldVersion(from: before, to: target))
  }

  private func coldVersion(from before: AliasState, to target: AliasState) throws -> String? {
    let gaining = target.weights.keys.first ?? target.version
    guard gaining != before.version else { return nil }
    let qualifiers = try client.provisionedConcurrency(ofFunction: functionName).map(\.qualifier)
    let isCold =
      qualifiers.contains(before.version) && !qualifiers.contains(gaining)
      && !qualifiers.contains(editor.alias)
    return isCold ? gaining : nil
  }

  private func requireVersion(_ version: String) throws {
    guard Int(version) != nil else {
      throw Refusal(
        "\(version) is no version's number: an alias of this program points to published versions only",
        advice: "Use versions publish to make one")
    }
    let configuration = try client.read(
      GetFunctionConfiguration(functionName: functionName, qualifier: version))
    if configuration.state == "Failed" {
      throw Refusal(
        "Version \(version) of \(functionName) cannot run: \(configuration.stateReason ?? "Failed")"
      )
    }
  }

  private func requireUnprovisioned(_ version: String) throws {
    let own = try client.readIfPresent(
      GetProvisionedConcurrencyConfig(functionName: functionName, qualifier: version),
      absent: AWSErrorCode(rawValue: "ProvisionedConcurrencyConfigNotFoundException"))
    if own != nil {
      throw Refusal(
        "Alias \(editor.alias) has provisioned concurrency, and so has version \(version): a version "
          + "can have it only once, on itself or on an alias that points to it",
        advice: "Use concurrency deprovision --qualifier \(version), or --qualifier \(editor.alias)"
      )
    }
  }

  static func weightsAndProvisioned(_ alias: String, _ requested: Int) -> Refusal {
    Refusal(
      "Alias \(alias) has provisioned concurrency (\(requested)), and Lambda takes no weights on such an "
        + "alias",
      advice:
        "Use alias point, which Lambda follows with warm environments, or provision the versions "
        + "instead of the alias (concurrency provision --qualifier VERSION)")
  }
}
