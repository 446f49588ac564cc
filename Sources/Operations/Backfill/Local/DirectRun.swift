import AWSClient
import AWSControl
import Platform

/// A backfill by direct invocations from this machine, for some thousand objects. Its report is that of a job.
///
/// A task that failed for a passing reason is repeated at the end, `redriveCount` times; what is then still failing
/// stands in the report as failed. An interrupted run is resumed with the tasks that are not in the report as
/// succeeded. In memory are the tasks of the manifest.
package final class DirectRun {
  /// More objects are for S3 Batch Operations.
  package static let maximumObjects = 10_000
  private static let redriveCount = 2
  /// As S3 ends a job: from this many tasks on, if more than half of those that ran failed.
  private static let failureCheckTasks = 1_000

  package enum End: Sendable, Equatable {
    case complete
    case interrupted
    /// More than half of the tasks failed.
    case failing
  }

  private let folder: LocalFolder
  private let run: LocalFolder.Run
  private let width: Int
  private let client: ControlClient
  private let isInterrupted: () -> Bool
  private var rows: [ManifestRow] = []
  private var again: [ManifestRow] = []
  private var done = 0
  private var failed = 0
  private var ran = 0
  private var failure: (any Error)?
  private var startMilliseconds: Int64 = 0
  /// Gets the state after each task.
  package var onProgress: (String) -> Void = { _ in }

  /// - Parameter width: invocations at the same time.
  package init(
    _ folder: LocalFolder, width: Int, with client: ControlClient,
    isInterrupted: @escaping () -> Bool
  ) throws {
    self.folder = folder
    run = try folder.run()
    self.width = width
    self.client = client
    self.isInterrupted = isInterrupted
  }

  /// Runs the tasks that have not succeeded yet.
  ///
  /// - Throws: `AWSError` when the function may not be invoked; what `InvocationPool.run` throws; `Refusal` while
  ///   another run works on the folder.
  package func start() throws -> End {
    try folder.openReport()
    defer { try? folder.close() }
    var succeeded: Set<ManifestRow> = []
    try folder.readReport { row in
      if let row, row.isSucceeded { succeeded.insert(row.object) }
    }
    try folder.readManifest { row in if !succeeded.contains(row) { rows.append(row) } }
    done = run.tasks - rows.count
    startMilliseconds = client.clock.monotonicMilliseconds()
    for round in 0...Self.redriveCount {
      let isLast = round == Self.redriveCount
      try pass(rows, isLast: isLast)
      if let failure { throw failure }
      if isInterrupted() { return .interrupted }
      if isFailing { return .failing }
      if again.isEmpty { break }
      rows = again
      again = []
    }
    return .complete
  }

  private var isFailing: Bool { ran >= Self.failureCheckTasks && failed * 2 > ran }

  private func pass(_ rows: [ManifestRow], isLast: Bool) throws {
    var rest = rows[...]
    let jobID = "local-\(run.creationTime)"
    let pool = InvocationPool<ManifestRow>(
      functionName: run.functionARN, qualifier: run.version, width: width,
      with: client,
      next: { [isInterrupted] in
        guard !isInterrupted(), let row = rest.popFirst() else { return nil }
        return (row, TaskInvocation.event(row, jobID: jobID))
      },
      finished: { [unowned self] row, result in finish(row, result, isLast: isLast) })
    pool.onThrottling = onProgress
    try pool.run()
  }

  private func finish(
    _ row: ManifestRow, _ result: Result<Invoke.Output, any Error>, isLast: Bool
  ) -> Bool {
    if let refusal = TaskInvocation.refusal(result) {
      failure = failure ?? refusal
      return false
    }
    let outcome = TaskInvocation.outcome(result)
    if case .failed(.temporary, _) = outcome, !isLast {
      again.append(row)
      return true
    }
    do {
      try folder.append(ReportRow(row, outcome))
    } catch {
      failure = failure ?? error
      return false
    }
    ran += 1
    done += 1
    if case .failed = outcome { failed += 1 }
    onProgress(state)
    return !isFailing
  }

  private var state: String {
    let elapsed = Double(client.clock.monotonicMilliseconds() - startMilliseconds) / 1000
    let rate = elapsed > 0 ? Double(ran) / elapsed : 0
    let left = rate > 0 ? ", \(Int(Double(run.tasks - done) / rate)) s left" : ""
    return
      "\(done) of \(run.tasks) tasks, \(failed) failed, \((rate * 10).rounded() / 10) a second\(left)"
  }
}
