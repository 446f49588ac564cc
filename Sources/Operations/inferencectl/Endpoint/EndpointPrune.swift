import ArgumentParser
import AWSControl
import Endpoints

struct EndpointPrune: ControlCommand {
  static let configuration = CommandConfiguration(
    commandName: "prune",
    abstract: "Delete configurations and models of this tool that no endpoint uses.",
    discussion: """
      Only names that this tool gives are considered, NAME-YYYYMMDD-HHMMSS, and only what is older than an hour. \
      The last configuration of an update is kept by no endpoint either: after this, that update can no longer be \
      rolled back by its configuration. Batch transform jobs that name a model are not checked. With --dry-run the \
      command lists what it would delete.

      Example: inferencectl endpoint prune --endpoint-name dogs --dry-run
      """)

  @Option(
    help: ArgumentHelp("Only what was made for this endpoint (default: all).", valueName: "name"))
  var endpointName: String?

  @OptionGroup var shared: SharedOptions

  func run(in session: Session) throws {
    let client = try session.client()
    let orphans = try EndpointOrphans.find(
      endpointName: endpointName, minimumAgeSeconds: 3600, with: client
    ).checkingModels(with: client)
    for line in orphans.kept { session.note("kept: \(line)") }
    let names =
      orphans.configurationNames.map { "configuration \($0)" }
      + orphans.modelNames.map { "model \($0)" }
    guard !names.isEmpty else {
      return session.done("Nothing to delete", json: json(orphans, [], []))
    }
    for name in names { session.note(name) }
    try session.confirm("Delete these \(names.count) configurations and models")
    var (deleted, failed): ([String], [String]) = ([], [])
    try orphans.delete(with: client) { name, error in
      guard let error else {
        deleted.append(name)
        return
      }
      failed.append(name)
      session.note("\(name): not deleted, \(Text.problem(error))")
    }
    session.done(
      "Deleted \(deleted.count) of \(names.count) configurations and models",
      planned: "Would delete \(names.count) configurations and models",
      json: json(orphans, deleted, failed))
    guard failed.isEmpty else { throw ExitCode(1) }
  }

  private func json(
    _ orphans: EndpointOrphans, _ deleted: [String], _ failed: [String]
  ) -> OperationInput {
    [
      "configurationNames": orphans.configurationNames, "modelNames": orphans.modelNames,
      "kept": orphans.kept, "deleted": deleted, "failed": failed,
    ]
  }
}
