import AWSControl

/// What CloudWatch measured of a function from its first invocation on.
struct MeasuredWindow: Sendable {
  let window: MetricWindow
  let invocations: Double
  let throttles: Double?
  let meanMilliseconds: Double?
  let peakConcurrency: Double?

  /// - Parameter series: by the ids of ``CloudWatchTraffic``'s queries.
  init(_ series: [String: GetMetricData.Series], window: MetricWindow) {
    self.window = window
    let counts = CloudWatchTraffic.points(series["invocations"])
    invocations = counts.values.reduce(0, +)
    throttles = series["throttles"].map { $0.values.reduce(0, +) }
    let averages = CloudWatchTraffic.points(series["duration"])
    let weighted = averages.reduce(0) { $0 + $1.value * (counts[$1.key] ?? 0) }
    let weight = averages.keys.reduce(0) { $0 + (counts[$1] ?? 0) }
    meanMilliseconds = weight > 0 ? weighted / weight : nil
    peakConcurrency = series["concurrency"]?.values.max()
  }

  /// By Little's law.
  var meanConcurrency: Double? {
    let seconds = Double(window.end - window.start)
    return meanMilliseconds.map { invocations * $0 / 1000 / max(1, seconds) }
  }
}
