import AWSControl

/// The last hour of a function, minute by minute.
///
/// Source: https://docs.aws.amazon.com/lambda/latest/dg/monitoring-concurrency.html
struct ConcurrencyMetrics: Sendable {
  private let series: [String: GetMetricData.Series]
  private let indices: [String: Int]
  private let end: Int64

  /// One call of a group, more for many qualifiers.
  ///
  /// - Returns: the metrics, once the group has run.
  static func read(
    functionName: String, qualifiers: [String], in reads: ReadGroup, unixMilliseconds: Int64
  ) -> () throws -> ConcurrencyMetrics {
    let function = [(name: "FunctionName", value: functionName)]
    func query(
      _ id: String, _ name: String, _ statistic: String,
      _ dimensions: [(name: String, value: String)]
    ) -> GetMetricData.Query {
      GetMetricData.Query(
        id: id, metric: Metric(namespace: "AWS/Lambda", name: name, dimensions: dimensions),
        periodSeconds: 60, statistic: statistic)
    }
    var queries = [
      query("concurrency", "ConcurrentExecutions", "Maximum", function),
      query("throttles", "Throttles", "Sum", function),
    ]
    for (index, qualifier) in qualifiers.enumerated() {
      let dimensions = function + [(name: "Resource", value: "\(functionName):\(qualifier)")]
      queries.append(
        query("u\(index)", "ProvisionedConcurrencyUtilization", "Maximum", dimensions))
      queries.append(
        query("s\(index)", "ProvisionedConcurrencySpilloverInvocations", "Sum", dimensions))
    }
    // Includes the current minute.
    let end = (unixMilliseconds / 60_000 + 1) * 60
    let window = MetricWindow(start: end - 3600, end: end)
    // At most 500 queries a call.
    let parts = stride(from: 0, to: queries.count, by: 500).map { start in
      reads.addAll(
        GetMetricData(
          queries: Array(queries[start..<min(start + 500, queries.count)]), window: window))
    }
    return {
      ConcurrencyMetrics(
        series: GetMetricData.Series.merged(try parts.flatMap { try $0.get() }),
        indices: Dictionary(uniqueKeysWithValues: qualifiers.enumerated().map { ($1, $0) }),
        end: end)
    }
  }

  var peakConcurrency: Double? { series["concurrency"]?.values.max() }
  var throttles: Double? { sum("throttles") }

  func peakUtilization(_ qualifier: String) -> Double? {
    points("u", qualifier)?.values.max()
  }

  func spillover(_ qualifier: String) -> Double? {
    indices[qualifier].flatMap { sum("s\($0)") }
  }

  /// Whether there is a point in the last 15 minutes, the period of the scale-in alarm. Points are
  /// up to two minutes late.
  func isInUse(_ qualifier: String) -> Bool? {
    guard let times = points("u", qualifier)?.timestamps else { return false }
    return times.contains { $0 >= Double(end - 17 * 60) }
  }

  private func points(_ letter: String, _ qualifier: String) -> GetMetricData.Series? {
    indices[qualifier].flatMap { series["\(letter)\($0)"] }
  }

  private func sum(_ id: String) -> Double? {
    guard let values = series[id]?.values, !values.isEmpty else { return nil }
    return values.reduce(0, +)
  }
}
