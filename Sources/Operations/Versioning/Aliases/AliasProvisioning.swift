import AWSClient
import AWSControl

/// An alias's own provisioned concurrency where it must be removed for a moment: by a rollback, and by a
/// move to the versions.
///
/// The alias's description records the number before it is removed, until it is back: after a kill, the
/// next `deploy`, `alias rollback`, or `alias point` restores it.
package struct AliasProvisioning {
  let editor: AliasEditor
  let client: ControlClient

  package init(editor: AliasEditor, client: ControlClient) {
    self.editor = editor
    self.client = client
  }

  /// Records the number that `remove` removes.
  ///
  /// - Parameter count: environments, as they were requested.
  /// - Returns: the alias with the record; in a dry run as it was.
  func record(_ count: Int, in alias: AliasConfiguration) throws -> AliasConfiguration {
    try editor.change(alias, to: AliasState(alias)) { $0.deprovisioned = count } ?? alias
  }

  func remove() throws {
    try client.write(
      DeleteProvisionedConcurrencyConfig(
        functionName: editor.functionName, qualifier: editor.alias))
  }

  func provide(_ count: Int) throws {
    try client.write(
      PutProvisionedConcurrencyConfig(
        functionName: editor.functionName, qualifier: editor.alias, provisioned: count))
  }

  /// Removes the record: the number is back, on the alias or on its version, or was given up.
  ///
  /// - Returns: the alias without the record; in a dry run as it was.
  func forget(_ alias: AliasConfiguration) throws -> AliasConfiguration {
    try editor.change(alias, to: AliasState(alias)) { $0.deprovisioned = nil } ?? alias
  }

  /// Provisions what an interrupted run removed, without waiting for it.
  ///
  /// While the alias has weights, with which Lambda accepts no provisioned concurrency, the record stays.
  ///
  /// - Returns: the alias afterwards, and the number; nil when nothing was missing.
  func restore(
    _ alias: AliasConfiguration
  ) throws -> (alias: AliasConfiguration, count: Int?) {
    guard AliasMemory(description: alias.description).deprovisioned != nil,
      alias.additionalVersionWeights.isEmpty
    else { return (alias, nil) }
    let provisioned = try client.provisionedConcurrency(ofFunction: editor.functionName)
    let missing = Self.missing(alias, provisioned)
    if let missing { try provide(missing) }
    return (try forget(alias), missing)
  }

  /// The recorded number; nil when nothing is recorded, or the alias or its version is provisioned.
  static func missing(
    _ alias: AliasConfiguration, _ provisioned: [ProvisionedConcurrency]
  ) -> Int? {
    let isProvisioned = provisioned.contains {
      $0.qualifier == alias.name || $0.qualifier == alias.functionVersion
    }
    return isProvisioned ? nil : AliasMemory(description: alias.description).deprovisioned
  }

  /// Removes the record of an alias whose provisioned concurrency was deleted on purpose.
  package func forgetIfRecorded() throws {
    guard let alias = try editor.readIfPresent(),
      AliasMemory(description: alias.description).deprovisioned != nil
    else { return }
    _ = try forget(alias)
  }

  /// The command that restores it by hand.
  static func command(_ count: Int, functionName: String, alias: String) -> String {
    "inferencectl concurrency provision \(count) --qualifier \(alias) --function-name \(functionName)"
  }
}
