import ArgumentParser
import AWSControl
import Training

/// `inferencectl train local`
struct TrainLocal: ControlCommand {
  static let configuration = CommandConfiguration(
    commandName: "local",
    abstract: "Trains on this machine, with the same script as everywhere.",
    discussion: """
      Python is a virtual environment that is made at the first time. Interrupted, the same command goes on from the \
      last finished epoch. Arguments behind -- go to train.py as they are.
      """)

  @OptionGroup var local: LocalOptions
  @OptionGroup var network: NetworkOptions
  @OptionGroup var step: StepOptions
  @Argument(help: "More arguments for train.py, behind --.")
  var moreArguments: [String] = []
  @OptionGroup var shared: SharedOptions

  func run(in session: Session) throws {
    let runner = LocalRun(options: local, session: session)
    let photographs = try runner.photographs()
    var training = LocalTraining(
      python: try runner.python(), data: local.data, output: local.outputDir,
      hyperparameters: step.apply(to: network.hyperparameters))
    training.hyperparameters.weights = local.weights
    training.device = local.device
    training.moreArguments = moreArguments
    let command = try training.command()
    if shared.dryRun {
      return session.output.add(command: command.text)
    }
    session.note("\(photographs.total) photographs in \(photographs.byClass.count) classes")
    let status = try runner.run(command)
    if session.isInterrupted {
      throw Refusal(
        "Interrupted", advice: "The same command goes on from the last finished epoch")
    }
    guard status == 0 else {
      throw Refusal("train.py ended with status \(status)", advice: "Its lines above say why")
    }
    session.done(
      "The model is \(local.outputDir)/model.tar.gz, its classes are in model/labels.txt",
      json: [
        "model": "\(local.outputDir)/model.tar.gz", "labels": "\(local.outputDir)/model/labels.txt",
      ])
  }
}
