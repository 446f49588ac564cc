import ArgumentParser
import Foundation
import Platform

/// `local-invoke`: replays an event through the real bootstrap process on this machine.
struct LocalInvokeCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "local-invoke",
    abstract:
      "Replay an event or a photograph through the Lambda function on this machine. No AWS account needed.",
    discussion: """
      Runs the bootstrap executable as Lambda does, with emulators of the Lambda Runtime API, S3 (a folder of objects), and \
      SageMaker Runtime (a built-in model for 118 dog breeds). Prints the function's response to standard output, and its log, the \
      most probable classes, and Lambda's report to standard error. A photograph is put into S3 for this run, and its \
      event is sent.

      The function inherits its own variables from your environment: ENDPOINT_NAME, MODEL_OUTPUT, IMAGE_BUCKET, \
      RESULT_BUCKET, TOP_K, AWS_LAMBDA_LOG_LEVEL, and so on. Results are stored in a temporary folder and removed at the end.

      Examples:
        local-invoke events/s3.json
        local-invoke rex.jpg photos/ --event sqs
        local-invoke events/s3.json --repeat 100 --concurrency 4
        local-invoke events/sqs.json --show-results
        local-invoke events/s3.json --endpoint-kind asynchronous
        echo '{"url": "s3://dog-photos/uploads/mixed-breed.jpg"}' | local-invoke -
        ENDPOINT_NAME=my-endpoint local-invoke --aws events/s3.json
        local-invoke rex.jpg --model model.tar.gz
        local-invoke --serve 9001

      Exit status: 0 the function succeeded; 1 it failed, returned an HTTP status of 400 or above, or reported every \
      message or task of a batch as failed, or a service was not available; 2 usage error.
      """,
    version: "local-invoke \(Product.version)",
    subcommands: [GenerateCommand.self, ThumbnailCommand.self])

  @OptionGroup var input: InputOptions
  @OptionGroup var services: ServiceOptions

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

  @Flag(
    help: """
      Start the function stopped, print how to attach a debugger, and wait. The function's timeout is not enforced.
      """)
  var waitForDebugger = false

  func validate() throws {
    // A number above 65535 is read as the name of an event.
    if serve != nil, let path = input.paths.first, Int(path) != nil {
      throw ValidationError("--serve \(path): a port is a number from 0 (any free port) to 65535.")
    }
    guard input.paths.isEmpty == (serve != nil) else {
      throw ValidationError(
        serve == nil
          ? "Specify an event or a photograph, for example events/s3.json or rex.jpg, or use --serve."
          : "--serve does not accept an event.")
    }
    guard
      !services.aws || (objects == nil && !showResults && !endpoint.isGiven)
    else {
      throw ValidationError(
        "--aws cannot be combined with --objects, --show-results, or --endpoint-kind and its options."
      )
    }
    guard (1...900).contains(timeout ?? 1) else {
      throw ValidationError("--timeout must be 1 to 900 seconds.")
    }
    guard (128...10_240).contains(memory) else {
      throw ValidationError("--memory must be 128 to 10240 MB.")
    }
    try validateRepetition()
  }

  private func validateRepetition() throws {
    guard count >= 1 else { throw ValidationError("--repeat must be at least 1.") }
    let others = [
      (count > 1, "--repeat"), (input.watch, "--watch"), (waitForDebugger, "--wait-for-debugger"),
      (serve != nil, "--serve"),
    ].filter(\.0).map(\.1)
    guard others.count <= 1 || others == ["--wait-for-debugger", "--serve"] else {
      throw ValidationError("\(others[0]) cannot be combined with \(others[1]).")
    }
    guard (1...100).contains(concurrency) else {
      throw ValidationError("--concurrency must be 1 to 100.")
    }
    guard concurrency <= count else {
      throw ValidationError("--concurrency must not exceed --repeat.")
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
