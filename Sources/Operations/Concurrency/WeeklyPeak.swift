import AWSControl

/// The most concurrent executions of a function in the last seven days.
enum WeeklyPeak {
  private static let seconds: Int64 = 7 * 86_400

  /// One call of a group; an hour for each point, of which CloudWatch keeps 15 months.
  ///
  /// - Returns: the peak, once the group has run; nil without invocations.
  static func read(
    functionName: String, in reads: ReadGroup, unixMilliseconds: Int64
  ) -> () throws -> Double? {
    let end = (unixMilliseconds / 3_600_000 + 1) * 3600
    let metric = Metric(
      namespace: "AWS/Lambda", name: "ConcurrentExecutions",
      dimensions: [(name: "FunctionName", value: FunctionName.bare(functionName))])
    let points = reads.addAll(
      GetMetricData(
        queries: [.init(id: "peak", metric: metric, periodSeconds: 3600, statistic: "Maximum")],
        window: MetricWindow(start: end - seconds, end: end)))
    return { GetMetricData.Series.merged(try points.get())["peak"]?.values.max() }
  }
}
