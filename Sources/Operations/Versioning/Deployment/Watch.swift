import AWSClient
import AWSControl

/// CloudWatch gave no metrics for so long that nobody watches the new version.
struct MetricsUnavailable: Error, CustomStringConvertible {
  let minutes: Int64
  let cause: String

  var description: String { "No metrics for \(minutes) min: \(cause)" }
}

/// Monitors the new version while it has traffic.
struct Watch {
  /// CloudWatch has one point a minute: looking more often adds nothing.
  private static let intervalMilliseconds: Int64 = 30_000
  /// How long after a step a verdict is waited for: metrics come one to two minutes late.
  private static let settlingMilliseconds: Int64 = 120_000
  /// How long an outage is waited out.
  private static let outageMilliseconds: Int64 = 1_800_000

  private let context: DeploymentContext
  private let reader: HealthReader
  private var request: Deployment.Request { context.request }

  init(_ context: DeploymentContext, _ reader: HealthReader) {
    self.context = context
    self.reader = reader
  }

  /// Returns when the step has lasted as long as it should and the new version has passed.
  ///
  /// - Throws: `VersionFailed`, `Unproven`, `TrafficTakenOver`, `MetricsUnavailable`, `Interrupted`,
  ///   `AWSError`.
  func pass(_ rollout: TrafficRollout, for hold: Interval) throws {
    guard !context.client.isDryRun else { return }
    let clock = context.waiter.clock
    let start = clock.unixMilliseconds()
    let activity = "version \(rollout.version) to pass"
    var silentSince: Int64?
    while true {
      let now = clock.unixMilliseconds()
      let rest = start + hold.milliseconds - now
      do {
        try rollout.requireUnmoved()
        let isOver = try look(rollout, rest: rest, elapsed: now - start, activity)
        if silentSince != nil { context.report("CloudWatch and Lambda respond again") }
        silentSince = nil
        if isOver { return }
      } catch let error where Self.isOutage(error) {
        let silence = now - (silentSince ?? now)
        if silentSince == nil {
          context.warn(
            "\(error): version \(rollout.version) keeps its traffic, waiting for metrics")
        }
        silentSince = silentSince ?? now
        guard silence < Self.outageMilliseconds else {
          throw MetricsUnavailable(minutes: silence / 60_000, cause: "\(error)")
        }
        context.waiter.onProgress(activity, "no metrics", now - start)
      }
      let interval = Self.intervalMilliseconds
      try context.waiter.pause(rest > 0 ? min(interval, rest) : interval, activity)
    }
  }

  /// - Returns: whether the step is over.
  private func look(
    _ rollout: TrafficRollout, rest: Int64, elapsed: Int64, _ activity: String
  ) throws -> Bool {
    guard request.watches else { return rest <= 0 }
    let sample = try reader.read(since: rollout.since, now: context.now)
    let judge = Judge(
      new: rollout.version, old: rollout.old, limits: request.limits,
      elapsedMilliseconds: context.waiter.clock.unixMilliseconds() - rollout.since * 1000)
    let verdict = judge.verdict(sample)
    context.waiter.onProgress(activity, verdict.evidence, elapsed)
    let text = "version \(rollout.version): \(verdict.outcome.rawValue): \(verdict.evidence)"
    switch verdict.outcome {
    case .fail:
      context.report(text)
      throw VersionFailed(complaint: "version \(rollout.version): \(verdict.reason)")
    case .pass:
      if rest <= 0 { context.report(text) }
      return rest <= 0
    case .inconclusive:
      let settling = request.allowsUnproven ? 0 : Self.settlingMilliseconds
      guard rest <= -settling else { return false }
      context.report(text)
      guard request.allowsUnproven else { throw unproven(rollout, verdict) }
      context.warn(
        "version \(rollout.version) is not proven (\(verdict.reason)) and accepted (--allow-unproven)"
      )
      return true
    }
  }

  private func unproven(_ rollout: TrafficRollout, _ verdict: Verdict) -> Unproven {
    let traffic = (try? rollout.readAlias()).map { AliasState($0).text } ?? "unknown traffic"
    return Unproven(
      state:
        "Version \(rollout.version) is not proven: \(verdict.reason). Alias \(context.alias) stays at "
        + "\(traffic), and nobody watches it now. To go on watching, run the same command again; to accept "
        + "the version, add --allow-unproven; to roll back: \(DeploymentState(context, rollout).rollback)"
    )
  }

  private static func isOutage(_ error: any Error) -> Bool {
    if let error = error as? AWSError { return error.isPassing }
    return error is MetricOutage
  }
}
