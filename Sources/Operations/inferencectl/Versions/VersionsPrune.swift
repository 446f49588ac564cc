import AWSControl
import ArgumentParser
import JSON
import Versioning

/// `inferencectl versions prune`
struct VersionsPrune: ControlCommand {
  static let configuration = CommandConfiguration(
    commandName: "prune",
    abstract:
      "Deletes old versions, but none that an alias, a rollback or provisioned concurrency needs.")

  @OptionGroup var function: FunctionOption
  @Option(help: "So many of the newest versions stay in any case.") var keep: Int
  @OptionGroup var shared: SharedOptions

  func validate() throws {
    guard keep >= 0 else { throw ValidationError("--keep wants 0 or more.") }
  }

  func run(in session: Session) throws {
    let client = try session.client()
    let pruning = try VersionPruning(
      functionName: function.functionName, keep: keep, with: client)
    for (version, reason) in pruning.spared {
      session.note("version \(version) stays: \(reason)")
    }
    let numbers = pruning.deleted.map(\.configuration.version)
    guard !numbers.isEmpty else {
      return session.done("nothing to delete", json: ["deleted": numbers])
    }
    let list = numbers.joined(separator: ", ")
    try session.confirm(
      "Delete version\(numbers.count == 1 ? "" : "s") \(list) of \(function.functionName)")
    var deleted: [String] = []
    try pruning.run(with: client) {
      deleted.append($0)
      session.note("version \($0): deleted")
    }
    session.done(
      "deleted \(numbers.count == 1 ? "version" : "versions") \(list)", json: ["deleted": deleted])
  }
}
