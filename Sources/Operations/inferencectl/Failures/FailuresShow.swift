import AWSControl
import ArgumentParser
import FailureQueue
import JSON

struct FailuresShow: ControlCommand {
  static let configuration = CommandConfiguration(
    commandName: "show",
    abstract: "Print one failed event with all its details, as JSON, or save it with its images.",
    discussion: """
      With --save, the event and the S3 objects in it are written into a folder, which local-invoke replays on this \
      machine. The user or role also needs s3:GetObject on the objects, and for a versioned bucket \
      s3:GetObjectVersion.

      Examples:
        inferencectl failures show 1f6a --function-name photo-classifier
        inferencectl failures show 1f6a --queue photo-classifier-failures | jq .event > event.json
        inferencectl failures show 1f6a --queue photo-classifier-failures --save failure
        local-invoke failure/event.json --wait-for-debugger
      """)

  @Argument(
    help: ArgumentHelp("Id of the message, or its first characters.", valueName: "id"))
  var messageID: String?

  @OptionGroup var target: FailureQueueOptions
  @OptionGroup var shared: SharedOptions

  @Option(
    name: .customLong("id"),
    help: ArgumentHelp("The id, as an option.", valueName: "id"))
  var idOption: String?

  @Option(
    name: .customLong("save"),
    help: ArgumentHelp(
      "Write event.json and the objects, as objects/BUCKET/KEY, into this new or empty folder.",
      valueName: "dir"))
  var folder: String?

  private var id: String { messageID ?? idOption ?? "" }

  func validate() throws {
    guard (messageID == nil) != (idOption == nil), !id.isEmpty else {
      throw ValidationError("Pass the id of one message, for example: failures show 1f6a")
    }
  }

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
    guard let folder else {
      session.output.result("", json: FailureListing.fullJSON(event), asJSON: true)
      return
    }
    try save(event, to: folder, session)
  }

  private func save(_ event: FailedEvent, to folder: String, _ session: Session) throws {
    let export = try FailureExport(event, folder: folder)
    let result = try export.run(with: try session.client()) { session.note($0) }
    session.result(
      (result.files + ["To replay it: local-invoke \(export.eventPath) --wait-for-debugger"])
        .joined(separator: "\n"),
      json: ["event": export.eventPath, "files": result.files, "missing": result.missing])
    guard result.missing.isEmpty else { throw ExitCode(1) }
  }
}
