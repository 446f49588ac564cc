import ArgumentParser
import AWSControl
import Endpoints

/// `inferencectl endpoint delete`
struct EndpointDelete: ControlCommand {
  static let configuration = CommandConfiguration(
    commandName: "delete",
    abstract: "Deletes an endpoint with its configuration and models, but nothing that others use.",
    discussion: "The models' archives in S3 stay.")

  @Option(help: ArgumentHelp("The endpoint.", valueName: "name"))
  var endpointName: String

  @Flag(help: "Leave the models.")
  var keepModel = false

  @OptionGroup var shared: SharedOptions

  func run(in session: Session) throws {
    let client = try session.client()
    let plan = try EndpointDeletion.plan(
      endpointName: endpointName, keepsModel: keepModel, with: client)
    for line in plan.kept { session.say("stays: \(line)") }
    let others =
      (plan.configurationName.map { [", configuration \($0)"] } ?? [])
      + plan.modelNames.map { ", model \($0)" }
    try session.confirm("Delete endpoint \(endpointName)\(others.joined())")
    try plan.start(with: client)
    do {
      try plan.finish(
        with: client, waiter: session.waiter(intervalSeconds: 5, limitSeconds: 1800))
    } catch let error as Interrupted {
      session.progress.clear()
      session.console.note(
        "The endpoint is being deleted; left over: \(others.joined().dropFirst(2))")
      throw error
    }
    if !client.isDryRun { session.say("Endpoint \(endpointName)\(others.joined()): deleted") }
  }
}
