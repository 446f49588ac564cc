import ArgumentParser
import AWSControl
import Endpoints

/// `--serverless`, `--async`, and what an asynchronous endpoint is checked against.
struct EndpointKindOptions: ParsableArguments {
  @Option(
    name: .customLong("serverless"),
    help: ArgumentHelp(
      "Serverless: memory of 1024 to 6144 MB in steps of 1024, most requests at the same time, environments that "
        + "are kept warm, for example memory=2048,max=5.",
      valueName: "memory=MB,max=count[,provisioned=count]"))
  var serverlessText: String?

  @Option(
    name: .customLong("async"),
    help: ArgumentHelp(
      "Asynchronous: where answers and failures are stored, and which SNS topics are notified (topic-success=ARN, "
        + "topic-error=ARN); also max-per-instance=count and kms-key=key.",
      valueName: "output=s3://…[,errors=s3://…]…"))
  var asyncText: String?

  @Option(
    help: ArgumentHelp(
      "Function that will use an asynchronous endpoint: answers must not be taken for its uploads.",
      valueName: "name"))
  var functionName: String?

  func validate() throws {
    guard serverlessText == nil || asyncText == nil else {
      throw ValidationError(
        "A serverless endpoint cannot be asynchronous: use --serverless or --async.")
    }
    guard functionName == nil || asyncText != nil else {
      throw ValidationError("--function-name requires --async.")
    }
    _ = try (serverless(), asynchronous())
  }

  /// What is given; nil without the option.
  func serverless() throws -> ServerlessChange? {
    try serverlessText.map { try EndpointKindText.serverless($0) }
  }

  /// What is given; nil without the option.
  func asynchronous() throws -> AsynchronousChange? {
    try asyncText.map { try EndpointKindText.asynchronous($0) }
  }

  /// The uploads of `--function-name`.
  ///
  /// - Throws: `Refusal` when the function has no `IMAGE_BUCKET`, so that nothing could be checked.
  func trigger(in session: Session) throws -> UploadTrigger? {
    guard asyncText != nil else { return nil }
    guard let functionName else {
      session.note(
        "Answers below the prefix of a function's uploads would be submitted as images, for ever. To check the "
          + "paths against a function, use --function-name")
      return nil
    }
    let trigger = try UploadTrigger.read(functionName: functionName, with: session.client())
    guard let trigger else {
      throw Refusal(
        "\(functionName) has no IMAGE_BUCKET: the paths cannot be checked against its uploads",
        advice: "Check the name, or leave out --function-name")
    }
    return trigger
  }
}
