import ArgumentParser

/// `inferencectl endpoint …`
struct EndpointCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "endpoint",
    abstract: "The SageMaker endpoint: its variants, instances and autoscaling.",
    subcommands: [
      EndpointCreate.self,
      EndpointUpdateCommand.self,
      EndpointDelete.self,
      EndpointEstimate.self,
      EndpointShow.self,
      EndpointAutoscale.self,
      EndpointSetCapacity.self,
      EndpointWeights.self,
    ])
}
