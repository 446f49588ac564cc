import AWSControl
import ArgumentParser
import FailureQueue

/// `inferencectl failures …`
struct FailuresCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "failures",
    abstract: "The events that the function could not process: which, why, and once more.",
    discussion: """
      The queue is the function's on-failure destination or dead-letter queue, or the one that --queue names.
      Messages are taken out of sight while they are looked at and given back at once; SQS counts each look as a \
      receive. The user or role needs sqs:GetQueueUrl, sqs:GetQueueAttributes, sqs:ReceiveMessage and \
      sqs:ChangeMessageVisibility, for redrive also sqs:DeleteMessage and lambda:InvokeFunction.
      """,
    subcommands: [FailuresList.self, FailuresShow.self, FailuresRedrive.self])
}

struct FailureQueueOptions: ParsableArguments {
  @Option(
    help: ArgumentHelp(
      "The failure queue: name, URL or ARN (default: the function's own).", valueName: "queue"))
  var queue: String?

  @Option(help: ArgumentHelp("The Lambda function: name or ARN.", valueName: "name"))
  var functionName: String?

  @Option(
    help: ArgumentHelp("A version or an alias of it.", valueName: "qualifier"))
  var qualifier: String?

  func validate() throws {
    guard queue != nil || functionName != nil else {
      throw ValidationError("Name the queue with --queue, or the function with --function-name.")
    }
    guard qualifier == nil || functionName != nil else {
      throw ValidationError("--qualifier goes with --function-name.")
    }
  }

  /// The queue, looked up when only the function is named; warns when looking at it wears its messages out.
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
        "Warning: after \(limit) receives SQS moves a message of this queue to another one, and this "
          + "command counts as a receive.")
    }
    if counts.inFlight > 0 {
      session.note(
        "\(counts.inFlight) more are out of sight: somebody received them a short while ago.")
    }
    return found
  }
}
