import AWSControl
import ArgumentParser
import FailureQueue
import Platform

struct FailuresDelete: ControlCommand {
  static let configuration = CommandConfiguration(
    commandName: "delete",
    abstract: "Delete events from the failure queue without sending them to the function.",
    discussion: """
      This cannot be undone and requires a confirmation or --yes. The whole queue is read, since each id must be \
      unique; what is not deleted becomes visible again. To save an event first, use failures show.

      Example: inferencectl failures delete --queue photo-classifier-failures --id 1f6a --id 77c0
      """)

  @OptionGroup var target: FailureQueueOptions
  @OptionGroup var shared: SharedOptions

  @Option(
    name: .customLong("id"),
    help: ArgumentHelp(
      "Id of the message, or its first characters; repeat for more.", valueName: "id"))
  var ids: [String]

  func validate() throws {
    guard ids.allSatisfy({ !$0.isEmpty }) else { throw ValidationError("--id must not be empty.") }
  }

  func run(in session: Session) throws {
    let queue = try target.open(in: session)
    session.armInterruption()
    var deletion = try MessageDeletion(
      ids: ids, from: queue, isInterrupted: { session.isInterrupted })
    defer { deletion.end() }
    for event in deletion.events { session.note(line(event)) }
    let count = deletion.events.count
    let messages = count == 1 ? "message" : "messages"
    try session.confirm("Delete \(count) \(messages)")
    var deleted: [String] = []
    try deletion.run { deleted.append($0.messageID) }
    session.done(
      "Deleted \(count) \(messages)", planned: "Would delete \(count) \(messages)",
      json: ["deleted": deleted, "events": deletion.events.map(FailureListing.json)])
  }

  private func line(_ event: FailedEvent) -> String {
    let reason = event.errorType ?? event.condition ?? event.sender.rawValue
    return VisibleText.escaped(
      "\(event.messageID.prefix(8)): \(reason) \(event.objects.joined(separator: ", "))")
  }
}
