import AWSClient
import AWSControl

/// Changes of an alias: point, shift, promote; `rollback` is in AliasRollback.swift.
package struct AliasOperations {
  package struct Outcome: Sendable, Equatable {
    /// The traffic before; nil when the alias was created.
    package let before: AliasState?
    /// The traffic now; in a dry run the intended one.
    package let after: AliasState
    /// A version that gained traffic without provisioned concurrency, unlike the one before; nil
    /// when there is none.
    package let coldVersion: String?
    /// Provisioned environments that an interrupted run had removed and that are provisioned again; nil
    /// for none.
    package let restored: Int?
    /// Whether anything changed.
    package var isChanged: Bool { before != after }
  }

  package let editor: AliasEditor
  /// Whether versions whose code failed before may get traffic.
  private let force: Bool
  private let client: ControlClient
  private var functionName: String { editor.functionName }

  /// - Parameter force: whether versions whose code failed before may get traffic.
  package init(functionName: String, alias: String, client: ControlClient, force: Bool = false) {
    editor = AliasEditor(functionName: functionName, alias: alias, client: client)
    self.client = client
    self.force = force
  }

  /// Points the alias to a version, without weights; creates the alias when there is none.
  package func point(to version: String) throws -> Outcome {
    guard let seen = try editor.readIfPresent() else {
      try requireVersion(version, memory: AliasMemory())
      try client.write(
        CreateAlias(functionName: functionName, alias: editor.alias, functionVersion: version))
      return Outcome(
        before: nil, after: AliasState(version: version), coldVersion: nil, restored: nil)
    }
    try requireVersion(version, memory: AliasMemory(description: seen.description))
    return try move(seen, to: AliasState(version: version)) {
      $0.move(to: version, from: seen.functionVersion)
    }
  }

  /// Sends a share of the traffic to another version; 0 ends that.
  package func shift(to version: String, weight: Double) throws -> Outcome {
    let seen = try editor.read()
    guard version != seen.functionVersion else {
      throw Refusal(
        "Alias \(editor.alias) already points to version \(version); a share must go to another version",
        advice: "alias show prints where the traffic goes")
    }
    if let other = seen.additionalVersionWeights.keys.first, other != version {
      throw Refusal(
        "Alias \(editor.alias) is already at \(AliasState(seen).text), and Lambda splits traffic between two versions only",
        advice: "Use alias promote or alias rollback first")
    }
    guard weight > 0 else {
      return try move(seen, to: AliasState(version: seen.functionVersion)) {
        $0.rollBack(to: seen.functionVersion, from: version)
      }
    }
    try requireVersion(version, memory: AliasMemory(description: seen.description))
    if let provisioned = try editor.readProvisionedConcurrency() {
      throw Self.weightsAndProvisioned(editor.alias, provisioned.requested)
    }
    return try move(
      seen, to: AliasState(version: seen.functionVersion, weights: [version: weight])
    ) { $0.rolledBack = nil }
  }

  /// Sends all traffic to the version that has a share of it.
  package func promote() throws -> Outcome {
    let seen = try editor.read()
    guard let version = seen.additionalVersionWeights.keys.first else {
      throw Refusal(
        "Alias \(editor.alias) sends all traffic to \(AliasState(seen).text): there is nothing to promote",
        advice: "Use alias shift first, or alias point --to a version")
    }
    if try editor.readProvisionedConcurrency() != nil {
      throw Refusal(
        "Lambda set these weights itself while it moves the alias's provisioned concurrency from version "
          + "\(version) to version \(seen.functionVersion), and removes them when it is done",
        advice:
          "alias show prints the progress; to choose another version, use alias point --to VERSION")
    }
    try requireVersion(version, memory: AliasMemory(description: seen.description))
    return try move(seen, to: AliasState(version: version)) {
      $0.move(to: version, from: seen.functionVersion)
    }
  }

  // MARK: Parts

  /// Moves the traffic, unless it is there.
  func move(
    _ seen: AliasConfiguration, to target: AliasState, remember: (inout AliasMemory) -> Void
  ) throws -> Outcome {
    let before = AliasState(seen)
    guard before != target else {
      return Outcome(
        before: before, after: before, coldVersion: nil, restored: try restore(seen))
    }
    if target.version != before.version, try editor.readProvisionedConcurrency() != nil {
      try requireUnprovisioned(target.version)
    }
    let after = try editor.change(seen, to: target, remember: remember)
    let restored = try restore(after ?? seen)
    return Outcome(
      before: before, after: after.map { AliasState($0) } ?? target,
      coldVersion: try coldVersion(from: before, to: target), restored: restored)
  }

  private func restore(_ alias: AliasConfiguration) throws -> Int? {
    do {
      return try AliasProvisioning(editor: editor, client: client).restore(alias).count
    } catch let error as AWSError {
      let count = AliasMemory(description: alias.description).deprovisioned ?? 0
      throw Refusal(
        "Alias \(editor.alias) is at \(AliasState(alias).text), but the \(count) provisioned environments that an "
          + "interrupted run had removed could not be restored: \(error)",
        advice: "To restore them: "
          + AliasProvisioning.command(count, functionName: functionName, alias: editor.alias))
    }
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

  /// Refuses what is not a version that can run, and a version whose code failed before.
  func requireVersion(_ version: String, memory: AliasMemory) throws {
    guard Int(version) != nil else {
      throw Refusal(
        "\(version) is not a version number: an alias must point to a published version",
        advice: "Use versions publish to publish one")
    }
    let configuration = try client.read(
      GetFunctionConfiguration(functionName: functionName, qualifier: version))
    if configuration.state == "Failed" {
      throw Refusal(
        "Version \(version) of \(functionName) cannot run: \(configuration.stateReason ?? "Failed")"
      )
    }
    if !force, memory.hasFailed(code: configuration.codeSHA256) {
      throw Refusal(
        "Version \(version) has code \(AliasMemory.mark(configuration.codeSHA256)), which failed on alias "
          + "\(editor.alias) and was rolled back. Nothing was changed",
        advice: "To send traffic to it nevertheless, add --force")
    }
  }

  private func requireUnprovisioned(_ version: String) throws {
    let own = try client.readIfPresent(
      GetProvisionedConcurrencyConfig(functionName: functionName, qualifier: version),
      absent: AWSErrorCode(rawValue: "ProvisionedConcurrencyConfigNotFoundException"))
    if own != nil {
      throw Refusal(
        "Alias \(editor.alias) has provisioned concurrency, and so has version \(version). A version "
          + "can have it once, on itself or on an alias that points to it",
        advice: "Use concurrency deprovision --qualifier \(version) or --qualifier \(editor.alias)"
      )
    }
  }

  static func weightsAndProvisioned(_ alias: String, _ requested: Int) -> Refusal {
    Refusal(
      "Alias \(alias) has provisioned concurrency (\(requested)), and Lambda accepts no weights on such an "
        + "alias",
      advice:
        "Use alias point, which Lambda follows with warm environments, or provision the versions "
        + "instead of the alias (concurrency provision --qualifier VERSION)")
  }
}
