import AWSControl
import ArgumentParser
import FailureQueue
import JSON

struct FailuresShow: ControlCommand {
  static let configuration = CommandConfiguration(
    commandName: "show",
    abstract: "Print one failed event with all its details, as JSON.",
    discussion: """
      Examples:
        inferencectl failures show --function-name photo-classifier --id 1f6a
        inferencectl failures show --queue photo-classifier-failures --id 1f6a | jq .event > event.json
      """)

  @OptionGroup var target: FailureQueueOptions
  @OptionGroup var shared: SharedOptions

  @Option(
    help: ArgumentHelp("Id of the message, or its first characters.", valueName: "id"))
  var id: String

  func run(in session: Session) throws {
    let queue = try target.open(in: session)
    session.armInterruption()
    let found = try queue.look(
      maximum: 2, isInterrupted: { session.isInterrupted },
      isWanted: { $0.messageID.hasPrefix(id) })
    guard let event = found.first else {
      throw Refusal(
        "No visible message has an id that begins with \(id)",
        advice:
          "To list the ids, use `failures list`. A message that another consumer received is hidden "
          + "for a while")
    }
    guard found.count == 1 else {
      throw Refusal("Several ids begin with \(id)", advice: "Use more characters of the id")
    }
    session.output.result("", json: FailureListing.fullJSON(event), asJSON: true)
  }
}
