import ArgumentParser
import AWSControl
import Foundation
import Training

struct TuneLocal: ControlCommand {
  static let configuration = CommandConfiguration(
    commandName: "local",
    abstract: "Search on this machine, one trial after the other.",
    discussion: """
      The points are spread evenly over the ranges (a quasi-random sequence, seeded by --seed), unlike SageMaker's \
      Bayesian search, which learns from earlier trials. The same command resumes with the missing trials. With \
      --freeze-backbone all trials share the photographs' features.
      """)

  @OptionGroup var local: LocalOptions
  @OptionGroup var network: NetworkOptions
  @OptionGroup var space: SpaceOptions
  @Option(help: "Number of trials, 1 to 1000.")
  var trials = 10
  @OptionGroup var shared: SharedOptions

  func validate() throws {
    guard (1...1000).contains(trials) else { throw ValidationError("--trials must be 1 to 1000.") }
  }

  func run(in session: Session) throws {
    let runner = LocalRun(options: local, session: session)
    _ = try runner.photographs()
    let python = try runner.python()
    let points = try space.space().points(trials, seed: UInt64(network.seed ?? 0))
    var done: [TuningTrial] = []
    for (index, point) in points.enumerated() {
      var values = network.hyperparameters
      values.learningRate = point.learningRate
      values.batchSize = point.batchSize
      guard let trial = try run(index + 1, values, python, runner) else { continue }
      done.append(trial)
    }
    guard !shared.dryRun else { return }
    let ranked = TuningTrial.ranked(done, objective: "Minimize")
    TrialListing.show(ranked, in: session)
    guard let best = ranked.first, best.loss != nil else {
      throw Refusal("No trial completed", advice: "See the output of train.py above")
    }
    session.note("The best model is \(local.outputDir)/\(best.name)/model.tar.gz")
  }

  /// - Returns: nil in a dry run.
  /// - Throws: `Refusal` after Ctrl-C.
  private func run(
    _ number: Int, _ values: Hyperparameters, _ python: String, _ runner: LocalRun
  ) throws -> TuningTrial? {
    let session = runner.session
    let name = "trial-" + (number < 10 ? "0" : "") + String(number)
    let folder = "\(local.outputDir)/\(name)"
    if let trial = try? TuningTrial(name: name, report: "\(folder)/report.json"),
      trial.parameters["learning-rate"] == values.learningRate,
      trial.parameters["batch-size"] == values.batchSize.map(Double.init)
    {
      session.note("\(name) is already done")
      return trial
    }
    var training = LocalTraining(
      python: python, data: local.data, output: folder, hyperparameters: values)
    training.hyperparameters.weights = local.weights
    training.device = local.device
    training.featureCache = network.freezeBackbone ? "\(local.outputDir)/features" : nil
    let command = try training.command()
    if shared.dryRun {
      session.output.add(command: command.text)
      return nil
    }
    session.note(
      "\(name) of \(trials): learning rate \(Text.number(values.learningRate ?? 0)), batch size \(values.batchSize ?? 0)"
    )
    let status = try runner.run(command)
    if session.isInterrupted {
      throw Refusal(
        "Interrupted at \(name)", advice: "To resume from there, run the same command again")
    }
    guard status == 0 else {
      return TuningTrial(
        name: name, status: "Failed",
        parameters: [
          "learning-rate": values.learningRate ?? 0, "batch-size": Double(values.batchSize ?? 0),
        ], loss: nil, failureReason: "train.py failed with exit status \(status)")
    }
    return try TuningTrial(name: name, report: "\(folder)/report.json")
  }
}
