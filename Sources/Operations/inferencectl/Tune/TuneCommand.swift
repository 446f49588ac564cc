import ArgumentParser

struct TuneCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "tune",
    abstract: "Search for learning rate and batch size with SageMaker or on this machine.",
    subcommands: [
      TuneStart.self,
      TuneShow.self,
      TuneBest.self,
      TuneLocal.self,
    ])
}
