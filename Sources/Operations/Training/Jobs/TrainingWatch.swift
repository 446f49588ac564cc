import AWSClient
import AWSControl

/// Follows a training job to its end: prints new log lines, and shows state and metrics as
/// progress.
package struct TrainingWatch {
  /// Receives each line of the log.
  package var onLine: (String) -> Void
  /// Receives notes, for example when the log cannot be read.
  package var onNote: (String) -> Void

  package init(onLine: @escaping (String) -> Void, onNote: @escaping (String) -> Void) {
    self.onLine = onLine
    self.onNote = onNote
  }

  /// Waits until the job has ended.
  ///
  /// - Returns: the job, whatever its status.
  /// - Throws: `Interrupted` after Ctrl-C, while the job continues; `AWSError`.
  package func follow(
    _ name: String, with client: ControlClient, waiter: Waiter
  ) throws -> DescribeTrainingJob.Output {
    var tail = LogTail(jobName: name)
    var hasLogTrouble = false
    return try waiter.wait(for: "training job \(name)") {
      let job = try client.read(DescribeTrainingJob(name: name))
      if !hasLogTrouble {
        // Read after the state, so that the last lines of a job that has ended are not missed.
        for line in try tail.newLines(
          with: client,
          onTrouble: {
            hasLogTrouble = true
            onNote("The log cannot be shown: \($0)")
          })
        {
          onLine(line)
        }
      }
      return job.isOver ? .done(job) : .pending(Self.state(of: job))
    }
  }

  /// `Training, validation:loss 0.412, train:images-per-second 210`
  static func state(of job: DescribeTrainingJob.Output) -> String {
    let shown = ["validation:loss", "validation:accuracy", "train:images-per-second"]
    let metrics = shown.compactMap { name in
      job.metrics.first { $0.name == name }.map { "\(name) \(Self.short($0.value))" }
    }
    return ([job.secondaryStatus] + metrics).joined(separator: ", ")
  }

  private static func short(_ value: Double) -> String {
    let rounded = (value * 1000).rounded() / 1000
    return rounded == rounded.rounded() && abs(rounded) < 1e15 ? "\(Int(rounded))" : "\(rounded)"
  }
}
