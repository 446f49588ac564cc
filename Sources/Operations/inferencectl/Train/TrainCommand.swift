import ArgumentParser

/// `inferencectl train …`
struct TrainCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "train",
    abstract: "Trains the classifier: on this machine, as a SageMaker job, on one EC2 machine.",
    subcommands: [
      TrainLocal.self,
      TrainStart.self,
      TrainEC2.self,
      TrainList.self,
      TrainShow.self,
      TrainStop.self,
      TrainEstimateCommand.self,
    ])
}
