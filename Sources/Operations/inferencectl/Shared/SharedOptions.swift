import ArgumentParser

struct SharedOptions: ParsableArguments {
  enum Output: String, ExpressibleByArgument, CaseIterable {
    case table, json
  }

  @Option(
    help: ArgumentHelp(
      "AWS region, for example us-east-1 (default: AWS_REGION, AWS_DEFAULT_REGION, the profile's).",
      valueName: "region"))
  var region: String?

  @Option(
    help: ArgumentHelp(
      "Profile in ~/.aws/config or ~/.aws/credentials (default: AWS_PROFILE, then default).",
      valueName: "name"))
  var profile: String?

  @Option(
    name: .customLong("endpoint-url"),
    help: ArgumentHelp(
      "Send every request to this URL instead of AWS, for example http://127.0.0.1:4566.",
      valueName: "url"))
  var endpointURL: String?

  @Option(
    help: ArgumentHelp(
      "Format of the result on standard output (values: table, json; default: AWS_DEFAULT_OUTPUT, the profile's, then table).",
      valueName: "format"))
  var output: Output?

  @Flag(help: "Only read, and print the requests that would be sent.")
  var dryRun = false

  @Flag(help: "Confirm irreversible changes without a prompt.")
  var yes = false

  @Flag(help: "Print each request and response with AWS's request id, without bodies and secrets.")
  var debug = false

  func validate() throws {
    if let url = endpointURL, !url.hasPrefix("http://"), !url.hasPrefix("https://") {
      throw ValidationError("--endpoint-url must begin with http:// or https://.")
    }
  }
}

/// For commands that start a change of several minutes.
struct WaitOption: ParsableArguments {
  @Flag(inversion: .prefixedNo, help: "Wait until the change is complete.")
  var wait = true
}
