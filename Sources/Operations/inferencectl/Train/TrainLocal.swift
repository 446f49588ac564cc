import ArgumentParser
import AWSControl
import Training

struct TrainLocal: ControlCommand {
  static let configuration = CommandConfiguration(
    commandName: "local",
    abstract: "Train on this machine, with the script that SageMaker runs.",
    discussion: """
      The first run creates a Python virtual environment. After an interruption, the same command resumes from the \
      last finished epoch. Arguments after -- are passed to train.py.

      Example: inferencectl train local --data photographs --epochs 10
      """)

  @OptionGroup var local: LocalOptions
  @OptionGroup var network: NetworkOptions
  @OptionGroup var step: StepOptions
  @Argument(help: "More arguments for train.py, after --.")
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
        "Interrupted", advice: "To resume from the last finished epoch, run the same command again")
    }
    guard status == 0 else {
      throw Refusal(
        "train.py failed with exit status \(status)", advice: "See its output above")
    }
    session.done(
      "The model is \(local.outputDir)/model.tar.gz, its classes are in model/labels.txt",
      json: [
        "model": "\(local.outputDir)/model.tar.gz", "labels": "\(local.outputDir)/model/labels.txt",
      ])
  }
}
