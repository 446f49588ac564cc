import ArgumentParser

/// The options that every command has.
struct SharedOptions: ParsableArguments {
  enum Output: String, ExpressibleByArgument, CaseIterable {
    case table, json
  }

  @Option(
    help: ArgumentHelp(
      "The AWS region (default: AWS_REGION, AWS_DEFAULT_REGION, the profile's).",
      valueName: "region"))
  var region: String?

  @Option(
    help: ArgumentHelp(
      "A profile of ~/.aws/config or ~/.aws/credentials (default: AWS_PROFILE, then default).",
      valueName: "name"))
  var profile: String?

  @Option(
    name: .customLong("endpoint-url"),
    help: ArgumentHelp("Call this instead of AWS, for every service.", valueName: "url"))
  var endpointURL: String?

  @Option(help: "How results are written to standard output.")
  var output = Output.table

  @Flag(help: "Read everything, print what would be written, write nothing.")
  var dryRun = false

  @Flag(help: "Do what cannot be undone without asking.")
  var yes = false

  func validate() throws {
    if let url = endpointURL, !url.hasPrefix("http://"), !url.hasPrefix("https://") {
      throw ValidationError("--endpoint-url wants a URL that begins with http:// or https://.")
    }
  }
}

/// For commands that start something which takes its time.
struct WaitOption: ParsableArguments {
  @Flag(inversion: .prefixedNo, help: "Wait until AWS is done.")
  var wait = true
}
