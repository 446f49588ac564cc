import AWSControl
import CapacityPlanner

/// A function's traffic of the last days as CloudWatch counted it: Invocations by the minute, Duration,
/// ConcurrentExecutions.
package struct CloudWatchTraffic: Sendable {
  /// Invocations by the minute (by 5 minutes or the hour when the window begins 15 or 63 days ago), from the first one
  /// on.
  package let traffic: Traffic
  /// Durations of invocations, the waiting for an endpoint included, init excluded.
  package let duration: DurationModel
  /// The most at once that CloudWatch saw; nil when it has no such points.
  package let peakConcurrency: Double?
  /// What CloudWatch measured in the same window.
  let measured: MeasuredWindow
  /// What was seen and assumed, a sentence each.
  package let notices: [String]

  /// Days that CloudWatch keeps points of.
  package static let daysKept = 1...455

  /// Reads a function's metrics.
  ///
  /// - Parameters:
  ///   - functionName: name or ARN; versions and aliases are read together.
  ///   - days: of them, from now on back; within ``daysKept``.
  /// - Throws: `Refusal` when there were no invocations; `AWSError`, `CredentialError`.
  package static func read(
    functionName: String, days: Int, unixSeconds now: Int64, with client: ControlClient
  ) throws -> CloudWatchTraffic {
    let metrics = LambdaMetrics(
      functionName: LambdaMetrics.functionName(functionName), days: days, unixSeconds: now)
    let queries = [
      ("invocations", "Invocations", "Sum"), ("duration", "Duration", "Average"),
      ("concurrency", "ConcurrentExecutions", "Maximum"),
      ("throttles", "Throttles", "Sum"),
    ].map { id, name, statistic in
      GetMetricData.Query(
        id: id, metric: metrics.metric(name), periodSeconds: metrics.periodSeconds,
        statistic: statistic)
    }
    let series = GetMetricData.Series.merged(
      try client.all(GetMetricData(queries: queries, window: metrics.window)))
    let invocations = points(series["invocations"])
    guard let first = invocations.filter({ $0.value > 0 }).keys.min() else {
      throw Refusal(
        "CloudWatch has no invocations of \(metrics.functionName) in the last \(days) days in "
          + client.configuration.region,
        advice: "Check the name and --region, or give a trace file, or --rate")
    }
    let counts = try bins(invocations, from: first, metrics)
    var notices = [
      "CloudWatch counted \(Int(invocations.values.reduce(0, +))) invocations of \(metrics.functionName) in "
        + "\(counts.count) bins of \(DurationText.text(.seconds(metrics.periodSeconds))); "
        + "throttled attempts are not among them, retries are"
    ]
    if first >= Double(metrics.window.start + 86_400) {
      notices.append("what lies before the first invocation is left out")
    }
    let durations = try DurationQuantiles.read(
      metrics, invocations: invocations, averages: points(series["duration"]), with: client)
    notices += durations.notices
    let peak = series["concurrency"]?.values.max()
    if let peak { notices.append("at most \(Int(peak)) invocations ran at once") }
    return CloudWatchTraffic(
      traffic: try Traffic(
        counts: counts, binWidth: .seconds(metrics.periodSeconds), startUnixSeconds: first),
      duration: durations.model, peakConcurrency: peak,
      measured: MeasuredWindow(
        series, window: MetricWindow(start: Int64(first), end: metrics.window.end)),
      notices: notices)
  }

  /// Values by the period's beginning.
  static func points(_ series: GetMetricData.Series?) -> [Double: Double] {
    guard let series else { return [:] }
    return Dictionary(zip(series.timestamps, series.values)) { $1 }
  }

  /// A count for each period; those without a point had no invocation.
  private static func bins(
    _ points: [Double: Double], from first: Double, _ metrics: LambdaMetrics
  ) throws -> [Double] {
    let width = Double(metrics.periodSeconds)
    let count = Int((Double(metrics.window.end) - first) / width)
    var bins = [Double](repeating: 0, count: max(1, count))
    for (time, value) in points where value > 0 {
      let index = Int((time - first) / width)
      guard bins.indices.contains(index) else { continue }
      bins[index] += value
    }
    return bins
  }
}
