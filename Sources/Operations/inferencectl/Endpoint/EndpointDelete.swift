import ArgumentParser
import AWSControl
import Endpoints

struct EndpointDelete: ControlCommand {
  static let configuration = CommandConfiguration(
    commandName: "delete",
    abstract: "Delete an endpoint with its configuration and models, except those that others use.",
    discussion: "The models' archives in S3 are kept.")

  @Option(help: ArgumentHelp("Name of the endpoint.", valueName: "name"))
  var endpointName: String

  @Flag(help: "Keep the models.")
  var keepModel = false

  @OptionGroup var shared: SharedOptions

  func run(in session: Session) throws {
    let client = try session.client()
    let plan = try EndpointDeletion.plan(
      endpointName: endpointName, keepsModel: keepModel, with: client)
    for line in plan.kept { session.note("kept: \(line)") }
    let others =
      (plan.configurationName.map { [", configuration \($0)"] } ?? [])
      + plan.modelNames.map { ", model \($0)" }
    try session.confirm("Delete endpoint \(endpointName)\(others.joined())")
    try plan.start(with: client)
    do {
      try plan.finish(
        with: client, waiter: session.waiter(intervalSeconds: 5, limitSeconds: 1800))
    } catch let error as Interrupted {
      session.note(
        "The endpoint is being deleted; not deleted: \(others.joined().dropFirst(2))")
      throw error
    }
    session.done(
      "Endpoint \(endpointName)\(others.joined()): deleted",
      json: [
        "endpointName": endpointName, "configurationName": plan.configurationName,
        "modelNames": plan.modelNames, "kept": plan.kept,
      ])
  }
}
