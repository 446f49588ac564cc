import ArgumentParser

/// Which services the function calls, and which model answers.
struct ServiceOptions: ParsableArguments {
  @Flag(
    help: """
      Use S3 and SageMaker of your account, with the keys and the region that the AWS CLI would use, and ENDPOINT_NAME \
      from your environment.
      """)
  var aws = false

  @Option(
    help: ArgumentHelp(
      "With --aws: profile in ~/.aws/config or ~/.aws/credentials (default: AWS_PROFILE, then default).",
      valueName: "name"))
  var profile: String?

  @Option(
    help: ArgumentHelp(
      "With --aws: region, for example us-east-1 (default: AWS_REGION, then the profile's).",
      valueName: "region"))
  var region: String?

  @Option(
    help: ArgumentHelp(
      "Classify with a SageMaker-compatible container at this URL, for example http://127.0.0.1:8080.",
      valueName: "url"))
  var container: String?

  @Option(
    help: ArgumentHelp(
      """
      Classify with this trained model, a model.tar.gz or its folder, in the serving code of SageMaker's PyTorch \
      containers. Requires Python with torch and TorchServe.
      """, valueName: "path"))
  var model: String?

  @Flag(help: "Do not fetch https URLs of events: the built-in model reports an error instead.")
  var offline = false

  /// Whether the model is another one than the built-in.
  var hasOwnModel: Bool { container != nil || model != nil || aws }

  func validate() throws {
    let chosen = [(aws, "--aws"), (container != nil, "--container"), (model != nil, "--model")]
      .filter(\.0).map(\.1)
    guard chosen.count <= 1 else {
      throw ValidationError("\(chosen.joined(separator: " cannot be combined with ")).")
    }
    guard aws || (profile == nil && region == nil) else {
      throw ValidationError("--profile and --region require --aws.")
    }
    if let container, !container.hasPrefix("http://"), !container.hasPrefix("https://") {
      throw ValidationError("--container must be a URL that begins with http:// or https://.")
    }
  }
}
