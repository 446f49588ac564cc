import AWSControl
import ArgumentParser
import JSON
import Versioning

struct VersionsPrune: ControlCommand {
  static let configuration = CommandConfiguration(
    commandName: "prune",
    abstract:
      "Delete old versions that no alias, rollback, or provisioned concurrency uses.",
    discussion: "Example: inferencectl versions prune --function-name photo-classifier --keep 5")

  @OptionGroup var function: FunctionOption
  @Option(help: "Number of newest versions to keep.") var keep: Int
  @OptionGroup var shared: SharedOptions

  func validate() throws {
    guard keep >= 0 else { throw ValidationError("--keep must be at least 0.") }
  }

  func run(in session: Session) throws {
    let client = try session.client()
    let pruning = try VersionPruning(
      functionName: function.functionName, keep: keep, with: client)
    for (version, reason) in pruning.spared {
      session.note("version \(version): kept, \(reason)")
    }
    let numbers = pruning.deleted.map(\.configuration.version)
    guard !numbers.isEmpty else {
      return session.done("Nothing to delete", json: ["deleted": numbers])
    }
    let list = numbers.joined(separator: ", ")
    try session.confirm(
      "Delete version\(numbers.count == 1 ? "" : "s") \(list) of \(function.functionName)")
    var (deleted, failed): ([String], [String]) = ([], [])
    try pruning.run(with: client) { version, error in
      if let error {
        failed.append(version)
        session.note("version \(version): not deleted, \(Text.problem(error))")
      } else {
        deleted.append(version)
        session.note("version \(version): deleted")
      }
    }
    session.done(result(deleted, failed), json: ["deleted": deleted, "failed": failed])
    guard failed.isEmpty else { throw ExitCode(1) }
  }

  private func result(_ deleted: [String], _ failed: [String]) -> String {
    func text(_ versions: [String]) -> String {
      "\(versions.count == 1 ? "version" : "versions") \(versions.joined(separator: ", "))"
    }
    return "Deleted \(deleted.isEmpty ? "no version" : text(deleted))"
      + (failed.isEmpty ? "" : "; not deleted: \(text(failed))")
  }
}
