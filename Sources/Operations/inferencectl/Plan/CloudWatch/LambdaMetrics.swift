import AWSControl

/// What CloudWatch keeps of a Lambda function, of all its versions and aliases together.
///
/// Source: https://docs.aws.amazon.com/lambda/latest/dg/monitoring-metrics-types.html
struct LambdaMetrics {
  let functionName: String
  let window: MetricWindow
  let periodSeconds: Int

  /// The window of the last `days`, on the period's grid.
  ///
  /// CloudWatch keeps 1-minute points for 15 days, 5-minute points for 63 days, 1-hour points for 455 days:
  /// https://docs.aws.amazon.com/AmazonCloudWatch/latest/APIReference/API_GetMetricStatistics.html. A window that
  /// begins earlier has to be asked for in the longer period.
  init(functionName: String, days: Int, unixSeconds now: Int64) {
    self.functionName = functionName
    periodSeconds = Self.periodSeconds(days: days)
    let period = Int64(periodSeconds)
    let end = now / period * period
    window = MetricWindow(start: end - Int64(days) * 86_400, end: end)
  }

  /// The shortest period whose points CloudWatch keeps for that number of days.
  static func periodSeconds(days: Int) -> Int { days < 15 ? 60 : days < 63 ? 300 : 3600 }

  func metric(_ name: String) -> Metric {
    Metric(
      namespace: "AWS/Lambda", name: name, dimensions: [(name: "FunctionName", value: functionName)]
    )
  }

  /// A function's name out of its name or ARN, with or without version or alias.
  static func functionName(_ text: String) -> String {
    let parts = text.split(separator: ":", omittingEmptySubsequences: false)
    // arn:aws:lambda:us-east-1:123456789012:function:NAME:live
    return String(parts.count > 6 && parts[0] == "arn" ? parts[6] : parts.first ?? "")
  }
}
