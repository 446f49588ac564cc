import AWSControl
import ArgumentParser
import FailureQueue

struct FailuresCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "failures",
    abstract: "List, inspect, redrive, and delete failed events.",
    discussion: """
      The queue is the function's on-failure destination or dead-letter queue, or the one given by --queue.
      Reading hides messages for a moment and makes them visible again; SQS counts each read as a receive. \
      The user or role needs sqs:GetQueueUrl, sqs:GetQueueAttributes, sqs:ReceiveMessage and \
      sqs:ChangeMessageVisibility, for redrive and delete also sqs:DeleteMessage, for redrive lambda:InvokeFunction.
      """,
    subcommands: [FailuresList.self, FailuresShow.self, FailuresRedrive.self, FailuresDelete.self])
}

struct FailureQueueOptions: ParsableArguments {
  @Option(
    help: ArgumentHelp(
      "Name, URL or ARN of the failure queue (default: the function's own).", valueName: "queue"))
  var queue: String?

  @Option(help: ArgumentHelp("Name or ARN of the Lambda function.", valueName: "name"))
  var functionName: String?

  @Option(
    help: ArgumentHelp("Version or alias of the function.", valueName: "qualifier"))
  var qualifier: String?

  func validate() throws {
    guard queue != nil || functionName != nil else {
      throw ValidationError("Pass the queue with --queue, or the function with --function-name.")
    }
    guard qualifier == nil || functionName != nil else {
      throw ValidationError("--qualifier requires --function-name.")
    }
  }

  /// Finds the queue; warns when receives are limited or messages are hidden.
  func open(in session: Session) throws -> FailureQueueClient {
    let client = try session.client()
    let url: String
    if let queue {
      url = try QueueFinder.url(ofQueue: queue, with: client)
    } else {
      url = try QueueFinder.url(
        ofFunction: functionName ?? "", qualifier: qualifier, with: client)
    }
    let found = FailureQueueClient(
      queueURL: url, with: client, onTrouble: { session.note($0) })
    let counts = try found.counts()
    if let limit = counts.maximumReceives {
      session.note(
        "Warning: SQS moves a message of this queue to another one after \(limit) receives, and this "
          + "command counts as a receive.")
    }
    if counts.inFlight > 0 {
      session.note(
        "\(counts.inFlight) more messages are hidden: another consumer received them recently.")
    }
    return found
  }
}
