import ArgumentParser

struct TrainCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "train",
    abstract: "Train the classifier on this machine, with SageMaker, or on one EC2 machine.",
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
