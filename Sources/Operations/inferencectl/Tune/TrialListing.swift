import AWSControl
import JSON
import Training

/// The trials of a search: a table, best first, and a plot for each parameter.
enum TrialListing {
  private static let parameters = ["learning-rate", "batch-size"]

  static func show(_ trials: [TuningTrial], in session: Session) {
    session.output.result(
      ([table(trials).text] + plots(trials)).joined(separator: "\n\n"), json: json(trials))
  }

  /// One line about all trials, as of a search in SageMaker and of one on this machine.
  static func state(
    _ status: String, completed: Int, running: Int, stopped: Int, failed: Int, of maximum: Int?
  ) -> String {
    "\(status): \(completed) completed, \(running) running, \(stopped) stopped early, \(failed) failed"
      + (maximum.map { " of \($0)" } ?? "")
  }

  static func table(_ trials: [TuningTrial]) -> Table {
    var table = Table("trial", "status", "learning rate", "batch size", "loss", "took", "failure")
    for trial in trials {
      table.add(
        trial.name, trial.status,
        trial.parameters["learning-rate"].map(Text.number) ?? "",
        trial.parameters["batch-size"].map(Text.number) ?? "",
        trial.loss.map(Text.number) ?? "",
        trial.seconds.map { Text.duration(seconds: $0) } ?? "", trial.failureReason ?? "")
    }
    return table
  }

  static func plots(_ trials: [TuningTrial]) -> [String] {
    parameters.map { name in
      ScatterPlot(
        title: name, valueName: "loss",
        points: trials.compactMap { trial in
          guard let x = trial.parameters[name], let y = trial.loss else { return nil }
          return (x, y)
        }
      ).text()
    }.filter { !$0.isEmpty }
  }

  static func json(_ trials: [TuningTrial]) -> JSONValue {
    trials.map { trial in
      [
        "name": trial.name, "status": trial.status, "parameters": trial.parameters,
        "loss": trial.loss, "seconds": trial.seconds, "failureReason": trial.failureReason,
      ] as OperationInput
    }.json
  }

  /// The trials of a tuning job, best first.
  static func ranked(
    _ job: DescribeHyperParameterTuningJob.Output, with client: ControlClient
  ) throws -> [TuningTrial] {
    let items = try client.all(ListTrainingJobsForHyperParameterTuningJob(name: job.name))
    return TuningTrial.ranked(items.map { TuningTrial($0) }, objective: job.objective)
  }
}
