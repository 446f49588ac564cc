import ArgumentParser
import Foundation
import Platform

/// `local-invoke`: replays an event through the real bootstrap process, on this machine.
struct LocalInvokeCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "local-invoke",
    abstract:
      "Replays an event through the Lambda function on this machine; no AWS account needed.",
    discussion: """
      Runs the bootstrap executable as Lambda does, over emulators of the Lambda Runtime API, S3 (a folder of objects) and \
      SageMaker Runtime (a built-in model of 118 dog breeds). The function's answer goes to standard output; its log, the \
      most probable classes and Lambda's report to standard error.

      The function's own variables are taken from your environment: ENDPOINT_NAME, MODEL_OUTPUT, IMAGE_BUCKET, \
      RESULT_BUCKET, TOP_K, AWS_LAMBDA_LOG_LEVEL and so on. Results go to a temporary folder, which is removed at the end.

      Examples:
        local-invoke events/s3.json
        local-invoke events/s3.json --repeat 100 --concurrency 4
        local-invoke events/sqs.json --show-results
        echo '{"url": "s3://dog-photos/uploads/mixed-breed.jpg"}' | local-invoke -
        ENDPOINT_NAME=my-endpoint local-invoke --aws events/s3.json
        local-invoke --serve 9001

      Exit status: 0 the function succeeded; 1 it failed, or answered with an HTTP status of 400 or more; 2 wrong usage.
      """,
    version: "local-invoke \(Product.version)")

  @Argument(
    help: ArgumentHelp(
      "The event, a file of JSON; - reads standard input.", valueName: "event.json"))
  var event: String?

  @Flag(
    help: """
      Use the real S3 and SageMaker: with AWS_ACCESS_KEY_ID, AWS_SECRET_ACCESS_KEY, AWS_SESSION_TOKEN, AWS_REGION and \
      ENDPOINT_NAME of your environment.
      """)
  var aws = false

  @Option(
    help: ArgumentHelp(
      "Classify with any SageMaker-compatible container: its address, such as http://127.0.0.1:8080.",
      valueName: "url"))
  var container: String?

  @Option(help: ArgumentHelp("The function's time-out in seconds, 1 to 900.", valueName: "s"))
  var timeout = 30

  @Option(
    help: ArgumentHelp(
      "The function's memory in MB, 128 to 10240, as the report shows it.", valueName: "mb"))
  var memory = 128

  @Option(
    name: .customLong("repeat"),
    help: ArgumentHelp(
      "Replay the event so often, and report p50, p90 and p99 of the duration.", valueName: "n"))
  var count = 1

  @Option(
    help: ArgumentHelp(
      """
      Let so many callers repeat it at once (1 to 100), each in an environment of its own as in Lambda, and report cold \
      starts and invocations a second.
      """, valueName: "n"))
  var concurrency = 1

  @Flag(
    help: """
      Print the results that the function stores, with RESULT_BUCKET, which is local-results unless you set it.
      """)
  var showResults = false

  @Option(
    help: ArgumentHelp(
      "The folder of objects, BUCKET/KEY (default: objects beside the event, else events/objects).",
      valueName: "dir"))
  var objects: String?

  @Option(
    help: ArgumentHelp(
      "A file with a class label a line, in the order of the model's output.", valueName: "file"))
  var labels: String?

  @Option(
    defaultAsFlag: 9001,
    help: ArgumentHelp(
      "Stay up and answer invocations from curl or aws lambda invoke --endpoint-url (default port: 9001; 0: any).",
      valueName: "port"))
  var serve: UInt16?

  @Option(
    help: ArgumentHelp(
      "The function's executable (default: bootstrap beside this program).", valueName: "path"))
  var bootstrap: String?

  func validate() throws {
    guard (event == nil) != (serve == nil) else {
      throw ValidationError(
        event == nil
          ? "Name an event, such as events/s3.json, or use --serve." : "--serve takes no event.")
    }
    guard !aws || (container == nil && objects == nil && !showResults) else {
      throw ValidationError("--aws excludes --container, --objects and --show-results.")
    }
    guard (1...900).contains(timeout) else {
      throw ValidationError("--timeout must be 1 to 900 seconds.")
    }
    guard (128...10_240).contains(memory) else {
      throw ValidationError("--memory must be 128 to 10240 MB.")
    }
    guard count >= 1 else { throw ValidationError("--repeat must be at least 1.") }
    guard count == 1 || serve == nil else { throw ValidationError("--serve excludes --repeat.") }
    guard (1...100).contains(concurrency) else {
      throw ValidationError("--concurrency must be 1 to 100.")
    }
    guard concurrency <= count else {
      throw ValidationError("--concurrency needs a --repeat that is at least as large.")
    }
    if let container, !container.hasPrefix("http://"), !container.hasPrefix("https://") {
      throw ValidationError("--container wants a URL that begins with http:// or https://.")
    }
  }

  func run() throws {
    let replay = Replay(self, Caller(environment: ProcessInfo.processInfo.environment))
    throw ExitCode(try replay.run())
  }
}

/// The person's side: what only the caller's environment tells.
struct Caller {
  let environment: [String: String]

  /// The value of a variable; an empty one counts as none.
  subscript(name: String) -> String? {
    environment[name].flatMap { $0.isEmpty ? nil : $0 }
  }
}
