import AWSClient
import AWSControl

/// Deletes old versions that nothing uses.
package struct VersionPruning: Sendable {
  /// Versions to delete, oldest first.
  package let deleted: [FunctionVersion]
  /// Old versions that are kept because they are in use, each with the reason.
  package let spared: [(version: String, reason: String)]
  private let functionName: String

  /// Reads the versions and decides; deletes nothing.
  ///
  /// - Parameter keep: number of newest versions to keep.
  package init(functionName: String, keep: Int, with client: ControlClient) throws {
    self.functionName = functionName
    let published = try VersionInventory.read(functionName: functionName, with: client)
      .filter { $0.configuration.version != "$LATEST" }
    var deleted: [FunctionVersion] = []
    var spared: [(String, String)] = []
    for version in published.dropFirst(keep) {
      if let reason = Self.use(of: version) {
        spared.append((version.configuration.version, reason))
      } else {
        deleted.append(version)
      }
    }
    self.deleted = deleted.reversed()
    self.spared = spared
  }

  /// Deletes them, one after the other, and continues past one that Lambda refuses, for example
  /// because an alias points to it meanwhile.
  ///
  /// - Parameter onStep: receives each version's number afterwards, with the error that kept it.
  package func run(
    with client: ControlClient, onStep: (_ version: String, _ error: AWSError?) -> Void
  ) throws {
    for version in deleted {
      let number = version.configuration.version
      do {
        let operation = DeleteFunction(functionName: functionName, version: number)
        if try client.write(operation) != nil { onStep(number, nil) }
      } catch let error as AWSError where error.status != nil {
        onStep(number, error)
      }
    }
  }

  private static func use(of version: FunctionVersion) -> String? {
    if let alias = version.aliases.first { return "alias \(alias.name) uses it" }
    if version.provisioned != nil { return "it has provisioned concurrency" }
    if let alias = version.rollbackTargetOf.first { return "alias \(alias) would roll back to it" }
    return nil
  }
}
