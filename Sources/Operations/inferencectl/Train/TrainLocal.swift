import ArgumentParser
import AWSControl
import Foundation
import Training

struct TrainLocal: ControlCommand {
  static let configuration = CommandConfiguration(
    commandName: "local",
    abstract: "Train on this machine, with the script that SageMaker runs.",
    discussion: """
      What was understood of the photographs is printed first. The first Python of this machine that can train a step \
      is used; without one, PyTorch is downloaded into a virtual environment after a question. After an interruption, \
      the same command resumes from the last finished epoch. Arguments after -- are passed to train.py.

      Example: inferencectl train local --data photographs --epochs 10 --report page.html
      """)

  @OptionGroup var local: LocalOptions
  @OptionGroup var network: NetworkOptions
  @OptionGroup var step: StepOptions
  @Option(
    help: ArgumentHelp(
      "Write a page with curves, confusions, and calibration.", valueName: "file.html"))
  var report: String?
  @Argument(help: "More arguments for train.py, after --.")
  var moreArguments: [String] = []
  @OptionGroup var shared: SharedOptions

  func run(in session: Session) throws {
    let runner = LocalRun(options: local, session: session)
    try runner.photographs(moreArguments: moreArguments)
    try runner.requireOutput(
      megabytes: LocalRun.megabytes(network.hyperparameters), files: report.map { [$0] } ?? [])
    var values = step.apply(to: network.hyperparameters)
    values.weights = local.weights
    let python = try runner.python(for: values)
    var training = LocalTraining(
      python: python, data: runner.absoluteData, output: local.outputDir, hyperparameters: values)
    training.device = local.device
    training.moreArguments = moreArguments
    let command = try training.command()
    if shared.dryRun {
      return session.output.add(command: command.text)
    }
    let status = try runner.run(command)
    try runner.requireNoInterruption()
    guard status == 0 else { throw TrainingExit(status).refusal(of: values) }
    if let report { try writePage(report, python, runner) }
    session.done(
      "The model is \(local.outputDir)/model.tar.gz, its classes are in model/labels.txt"
        + (report.map { ", its report is \($0)" } ?? ""),
      json: [
        "model": "\(local.outputDir)/model.tar.gz", "labels": "\(local.outputDir)/model/labels.txt",
        "report": report,
      ])
  }

  private func writePage(_ path: String, _ python: String, _ runner: LocalRun) throws {
    let report = try TrainingReport(path: "\(local.outputDir)/report.json")
    let thumbnails = Thumbnails.make(
      report.test?.worst.map(\.file) ?? [], python: python, environment: runner.environment())
    let page = TrainingPage(report, thumbnails: thumbnails).html
    do throws(Refusal) { try OutputFile.write(page, to: path) } catch {
      throw Refusal("The model is trained, but \(error.reason)", advice: error.advice)
    }
  }
}

/// train.py's exit status.
struct TrainingExit {
  static let memory: Int32 = 3
  let status: Int32

  init(_ status: Int32) { self.status = status }

  /// One line for a table.
  var text: String {
    switch status {
    case Self.memory: "out of memory"
    case 128...: "killed by signal \(status - 128)"
    default: "train.py failed with exit status \(status)"
    }
  }

  func refusal(of values: Hyperparameters) -> Refusal {
    Refusal(
      text,
      advice: status == Self.memory
        ? "Use a smaller --batch-size than \(values.batchSize ?? 32), or --freeze-backbone"
        : "See its output above")
  }
}
