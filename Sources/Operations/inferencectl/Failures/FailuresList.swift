import ArgumentParser
import FailureQueue
import JSON

struct FailuresList: ControlCommand {
  static let configuration = CommandConfiguration(
    commandName: "list",
    abstract: "List the events in the failure queue with time, reason, and images.",
    discussion: """
      Examples:
        inferencectl failures list --function-name photo-classifier --qualifier live
        inferencectl failures list --queue photo-classifier-failures --output json | jq -r '.[].objects[]'
      """)

  @OptionGroup var target: FailureQueueOptions
  @OptionGroup var shared: SharedOptions

  @Option(
    name: .customLong("max"),
    help: ArgumentHelp("Maximum number of events, for example 20.", valueName: "number"))
  var maximum = 100

  func validate() throws {
    guard maximum > 0 else { throw ValidationError("--max must be at least 1.") }
  }

  func run(in session: Session) throws {
    let queue = try target.open(in: session)
    session.armInterruption()
    let events = try queue.look(maximum: maximum, isInterrupted: { session.isInterrupted })
      .sorted { $0.sentUnixMilliseconds < $1.sentUnixMilliseconds }
    session.result(
      FailureListing.table(events), json: .array(events.map { FailureListing.json($0).json }))
    if events.count == maximum {
      session.note("There may be more than \(maximum) events. To list more, use --max.")
    }
  }
}
