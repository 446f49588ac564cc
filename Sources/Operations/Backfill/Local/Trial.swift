import AWSClient
import AWSControl
import Platform

/// Classifies some objects by direct invocations, before anything is created: shows what would fail, and how long one
/// takes.
package struct Trial {
  package struct Outcome {
    package let summary: ReportSummary
    /// Of one invocation, as seen from here: with the way to Lambda.
    package let meanSeconds: Double
  }

  package let functionName: String
  package let version: String
  /// Invocations at the same time.
  package let width: Int

  package init(functionName: String, version: String, width: Int) {
    self.functionName = functionName
    self.version = version
    self.width = width
  }

  /// - Parameter onProgress: gets the number of finished tasks, or a line about throttling.
  /// - Throws: what `InvocationPool.run` throws; `AWSError` when the function may not be invoked; `Interrupted`.
  package func run(
    _ rows: [ManifestRow], with client: ControlClient, isInterrupted: @escaping () -> Bool,
    onProgress: @escaping (String) -> Void
  ) throws -> Outcome {
    var summary = ReportSummary()
    var refusal: (any Error)?
    var rest = rows[...]
    let clock = client.clock
    let start = clock.monotonicMilliseconds()
    let pool = InvocationPool<ManifestRow>(
      functionName: functionName, qualifier: version, width: width, with: client,
      next: {
        guard !isInterrupted(), let row = rest.popFirst() else { return nil }
        return (row, TaskInvocation.event(row, jobID: "trial"))
      },
      finished: { row, result in
        if let error = TaskInvocation.refusal(result) {
          refusal = error
          return false
        }
        summary.add(ReportRow(row, TaskInvocation.outcome(result)))
        onProgress("trial: \(summary.tasks) of \(rows.count) objects")
        return true
      })
    pool.onThrottling = onProgress
    try pool.run()
    if let refusal { throw refusal }
    if isInterrupted() { throw Interrupted(activity: "the trial") }
    let elapsed = Double(clock.monotonicMilliseconds() - start) / 1000
    let rounds = Double(max(1, min(width, rows.count)))
    return Outcome(
      summary: summary,
      meanSeconds: rows.isEmpty ? 0 : max(0.001, elapsed * rounds / Double(rows.count)))
  }
}

extension TaskInvocation {
  /// A failure that every other invocation would have too; nil for that of one task.
  static func refusal(_ result: Result<Invoke.Output, any Error>) -> (any Error)? {
    guard case .failure(let error) = result else { return nil }
    guard let error = error as? AWSError else { return error }
    let isPassing: Bool =
      switch error.code {
      case .connection, .timedOut, .serviceUnavailable, .internalFailure: true
      default: error.status.map { $0 >= 500 } ?? true
      }
    return isPassing ? nil : error
  }
}
