import ArgumentParser

struct FunctionOption: ParsableArguments {
  @Option(help: ArgumentHelp("Name or ARN of the Lambda function.", valueName: "name"))
  var functionName: String
}

/// The version or alias of a command.
struct QualifierOption: ParsableArguments {
  @Option(
    help: ArgumentHelp("Version number or alias.", valueName: "qualifier"))
  var qualifier: String?
}

/// The endpoint and variant of a command.
struct EndpointOptions: ParsableArguments {
  @Option(help: ArgumentHelp("Name of the SageMaker endpoint.", valueName: "name"))
  var endpointName: String

  @Option(help: ArgumentHelp("Production variant (default: the only one).", valueName: "name"))
  var variant: String?
}
