import ArgumentParser

struct EndpointCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "endpoint",
    abstract: "Create, inspect, update, and delete SageMaker endpoints.",
    subcommands: [
      EndpointCreate.self,
      EndpointUpdateCommand.self,
      EndpointDelete.self,
      EndpointPrune.self,
      EndpointEstimate.self,
      EndpointShow.self,
      EndpointAutoscale.self,
      EndpointSetCapacity.self,
      EndpointWeights.self,
    ])
}
