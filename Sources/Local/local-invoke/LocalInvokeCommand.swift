import ArgumentParser
import Foundation
import Platform

/// `local-invoke`: replays an event through the real bootstrap process on this machine.
struct LocalInvokeCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "local-invoke",
    abstract:
      "Replay an event through the Lambda function on this machine. No AWS account needed.",
    discussion: """
      Runs the bootstrap executable as Lambda does, with emulators of the Lambda Runtime API, S3 (a folder of objects), and \
      SageMaker Runtime (a built-in model for 118 dog breeds). Prints the function's response to standard output, and its log, the \
      most probable classes, and Lambda's report to standard error.

      The function inherits its own variables from your environment: ENDPOINT_NAME, MODEL_OUTPUT, IMAGE_BUCKET, \
      RESULT_BUCKET, TOP_K, AWS_LAMBDA_LOG_LEVEL, and so on. Results are stored in a temporary folder and removed at the end.

      Examples:
        local-invoke events/s3.json
        local-invoke events/s3.json --repeat 100 --concurrency 4
        local-invoke events/sqs.json --show-results
        local-invoke events/s3.json --endpoint-kind asynchronous
        echo '{"url": "s3://dog-photos/uploads/mixed-breed.jpg"}' | local-invoke -
        ENDPOINT_NAME=my-endpoint local-invoke --aws events/s3.json
        local-invoke --serve 9001

      Exit status: 0 the function succeeded; 1 it failed or returned an HTTP status of 400 or above; 2 usage error.
      """,
    version: "local-invoke \(Product.version)")

  @Argument(
    help: ArgumentHelp(
      "The event, a JSON file, for example events/s3.json; - reads standard input.",
      valueName: "event.json"))
  var event: String?

  @Flag(
    help: """
      Use S3 and SageMaker of your account, with AWS_ACCESS_KEY_ID, AWS_SECRET_ACCESS_KEY, AWS_SESSION_TOKEN, AWS_REGION, and \
      ENDPOINT_NAME from your environment.
      """)
  var aws = false

  @Option(
    help: ArgumentHelp(
      "Classify with a SageMaker-compatible container at this URL, for example http://127.0.0.1:8080.",
      valueName: "url"))
  var container: String?

  @OptionGroup var endpoint: EndpointKindOptions

  @Option(
    help: ArgumentHelp(
      "Function timeout in seconds, 1 to 900 (default: 30; 300 with a serverless endpoint).",
      valueName: "s"))
  var timeout: Int?

  @Option(
    help: ArgumentHelp(
      "Memory size in MB for the report, 128 to 10240.", valueName: "mb"))
  var memory = 128

  @Option(
    name: .customLong("repeat"),
    help: ArgumentHelp(
      "Number of replays, for example 200. Reports p50, p90, and p99 of the duration.",
      valueName: "n"))
  var count = 1

  @Option(
    help: ArgumentHelp(
      """
      Number of concurrent callers for --repeat, 1 to 100, each in its own environment as in Lambda. Reports cold \
      starts and invocations per second.
      """, valueName: "n"))
  var concurrency = 1

  @Flag(
    help: """
      Print the results that the function stores. RESULT_BUCKET defaults to local-results.
      """)
  var showResults = false

  @Option(
    help: ArgumentHelp(
      "Folder of objects, BUCKET/KEY (default: objects beside the event, otherwise events/objects).",
      valueName: "dir"))
  var objects: String?

  @Option(
    help: ArgumentHelp(
      "File with one class label per line, in the order of the model's output.", valueName: "file"))
  var labels: String?

  @Option(
    defaultAsFlag: 9001,
    help: ArgumentHelp(
      """
      Serve a page for the browser, a function URL, and invocations from curl or aws lambda invoke --endpoint-url on this \
      port (default: 9001; 0: any free port).
      """,
      valueName: "port"))
  var serve: UInt16?

  @Option(
    help: ArgumentHelp(
      "Function executable (default: bootstrap beside this program).", valueName: "path"))
  var bootstrap: String?

  func validate() throws {
    guard (event == nil) != (serve == nil) else {
      throw ValidationError(
        event == nil
          ? "Specify an event, for example events/s3.json, or use --serve."
          : "--serve does not accept an event.")
    }
    guard
      !aws
        || (container == nil && objects == nil && !showResults && endpoint.endpointKind == nil)
    else {
      throw ValidationError(
        "--aws cannot be combined with --container, --objects, --show-results, or --endpoint-kind.")
    }
    guard (1...900).contains(timeout ?? 1) else {
      throw ValidationError("--timeout must be 1 to 900 seconds.")
    }
    guard (128...10_240).contains(memory) else {
      throw ValidationError("--memory must be 128 to 10240 MB.")
    }
    guard count >= 1 else { throw ValidationError("--repeat must be at least 1.") }
    guard count == 1 || serve == nil else {
      throw ValidationError("--serve cannot be combined with --repeat.")
    }
    guard (1...100).contains(concurrency) else {
      throw ValidationError("--concurrency must be 1 to 100.")
    }
    guard concurrency <= count else {
      throw ValidationError("--concurrency must not exceed --repeat.")
    }
    if let container, !container.hasPrefix("http://"), !container.hasPrefix("https://") {
      throw ValidationError("--container must be a URL that begins with http:// or https://.")
    }
  }

  func run() throws {
    let replay = Replay(self, Caller(environment: ProcessInfo.processInfo.environment))
    throw ExitCode(try replay.run())
  }
}

/// The caller's environment variables.
struct Caller {
  let environment: [String: String]

  /// An empty variable counts as unset.
  subscript(name: String) -> String? {
    environment[name].flatMap { $0.isEmpty ? nil : $0 }
  }
}
