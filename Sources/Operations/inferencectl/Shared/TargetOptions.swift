import ArgumentParser

/// The function that a command is about.
struct FunctionOption: ParsableArguments {
  @Option(help: ArgumentHelp("The Lambda function: name or ARN.", valueName: "name"))
  var functionName: String
}

/// The version or alias that a command is about.
struct QualifierOption: ParsableArguments {
  @Option(
    help: ArgumentHelp("A version's number or an alias.", valueName: "qualifier"))
  var qualifier: String?
}

/// The endpoint's variant that a command is about.
struct EndpointOptions: ParsableArguments {
  @Option(help: ArgumentHelp("The SageMaker endpoint.", valueName: "name"))
  var endpointName: String

  @Option(help: ArgumentHelp("Its production variant (default: the only one).", valueName: "name"))
  var variant: String?
}
