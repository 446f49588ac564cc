import ArgumentParser

/// `inferencectl endpoint …`
struct EndpointCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "endpoint",
    abstract: "The SageMaker endpoint: its variants, instances and autoscaling.",
    subcommands: [
      EndpointShow.self,
      EndpointAutoscale.self,
      EndpointSetCapacity.self,
      EndpointWeights.self,
    ])
}
