import ArgumentParser
import AWSControl
import Endpoints

struct EndpointDelete: ControlCommand {
  static let configuration = CommandConfiguration(
    commandName: "delete",
    abstract:
      "Delete an endpoint with its scaling, configuration, and models, except those that others use.",
    discussion: """
      The models' archives in S3 are kept, and so are the answers of an asynchronous endpoint. After an interruption, or with --no-wait, run the command again: it deletes \
      the configuration and the models once the endpoint is gone.

      Example: inferencectl endpoint delete --endpoint-name dogs
      """)

  @Option(help: ArgumentHelp("Name of the endpoint.", valueName: "name"))
  var endpointName: String

  @Flag(help: "Keep the models.")
  var keepModel = false

  @OptionGroup var wait: WaitOption
  @OptionGroup var shared: SharedOptions

  func run(in session: Session) throws {
    let client = try session.client()
    let plan = try EndpointDeletion.plan(
      endpointName: endpointName, keepsModel: keepModel, with: client)
    session.warn(plan.notes)
    for line in plan.kept { session.note("kept: \(line)") }
    let rest =
      plan.configurationNames.map { "configuration \($0)" } + plan.modelNames.map { "model \($0)" }
    let all =
      (plan.isGone ? [] : ["endpoint \(endpointName)"])
      + plan.alarmNames.map { "alarm \($0)" } + rest
    let finishes = wait.wait || plan.isGone
    let json: OperationInput = [
      "endpointName": endpointName, "alarmNames": plan.alarmNames,
      "configurationNames": plan.configurationNames,
      "modelNames": plan.modelNames, "kept": plan.kept,
      "status": finishes ? "Deleted" : "Deleting",
    ]
    guard !all.isEmpty else {
      return session.done("Endpoint \(endpointName) is deleted already", json: json)
    }
    try session.confirm("Delete \(list(all))")
    try plan.start(with: client)
    guard finishes || client.isDryRun else {
      let next =
        rest.isEmpty ? "" : ". To delete \(list(rest)) afterwards, run the command again"
      return session.done("Endpoint \(endpointName) is being deleted\(next)", json: json)
    }
    do {
      try plan.finish(
        with: client, waiter: session.waiter(intervalSeconds: 5, limitSeconds: 1800))
    } catch {
      if !rest.isEmpty {
        session.note(
          "Not deleted yet: \(list(rest)). When the endpoint is deleted, run the command again")
      }
      throw error
    }
    session.done("\(list(all)): deleted", json: json)
  }

  private func list(_ names: [String]) -> String { names.joined(separator: ", ") }
}
