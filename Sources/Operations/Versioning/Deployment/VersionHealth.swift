import AWSControl

/// Limits of a new version; exceeding one triggers a rollback.
package struct HealthLimits: Sendable, Equatable {
  /// Maximum errors per invocation, 0 to 1.
  package var maximumErrorShare: Double
  /// Throttled invocations in a step.
  package var maximumThrottles: Int
  /// The new version's p99 duration, as a multiple of the old one's.
  package var maximumDurationRatio: Double
  /// The new version's p99 duration in milliseconds; nil leaves it to the ratio.
  package var maximumDurationMilliseconds: Double?
  /// A step with fewer invocations rolls back; 0 accepts a step without traffic.
  package var minimumInvocations: Int

  /// By default 1 % errors, no throttles, and 1.5 times the old p99.
  package init(
    maximumErrorShare: Double = 0.01, maximumThrottles: Int = 0, maximumDurationRatio: Double = 1.5,
    maximumDurationMilliseconds: Double? = nil, minimumInvocations: Int = 0
  ) {
    self.maximumErrorShare = maximumErrorShare
    self.maximumThrottles = maximumThrottles
    self.maximumDurationRatio = maximumDurationRatio
    self.maximumDurationMilliseconds = maximumDurationMilliseconds
    self.minimumInvocations = minimumInvocations
  }
}

/// A version's metrics in CloudWatch.
///
/// Lambda writes one point a minute for each pair of alias and version (dimension
/// `ExecutedVersion`), some minutes late when the function takes long.
/// Source: https://docs.aws.amazon.com/lambda/latest/dg/monitoring-metrics-view.html
package struct VersionHealth: Sendable, Equatable {
  /// The p99 of fewer invocations is not compared.
  static let minimumInvocationsForDuration = 20

  package let invocations: Int
  package let errors: Int
  /// Throttled invocations.
  package let throttles: Int
  /// Mean of the minutes' p99; nil without invocations.
  package let p99Milliseconds: Double?
  /// The old version's in the hour before and since; nil without invocations.
  package let oldP99Milliseconds: Double?

  /// Reads two versions' metrics in one call.
  static func read(
    functionName: String, alias: String, new: String, old: String, since: Int64, until: Int64,
    with client: ControlClient
  ) throws -> VersionHealth {
    func query(_ id: String, _ name: String, _ statistic: String, _ version: String)
      -> GetMetricData.Query
    {
      GetMetricData.Query(
        id: id,
        metric: Metric(
          namespace: "AWS/Lambda", name: name,
          dimensions: [
            ("FunctionName", functionName), ("Resource", "\(functionName):\(alias)"),
            ("ExecutedVersion", version),
          ]), periodSeconds: 60, statistic: statistic)
    }
    func series(_ queries: [GetMetricData.Query], from start: Int64) throws -> [String: [Double]] {
      let window = MetricWindow(start: start / 60 * 60, end: until / 60 * 60 + 60)
      let parts = try client.all(GetMetricData(queries: queries, window: window))
      return GetMetricData.Series.merged(parts).mapValues(\.values)
    }
    let seen = try series(
      [
        query("invocations", "Invocations", "Sum", new), query("errors", "Errors", "Sum", new),
        query("throttles", "Throttles", "Sum", new), query("duration", "Duration", "p99", new),
      ], from: since)
    let before = try series([query("duration", "Duration", "p99", old)], from: since - 3600)
    func sum(_ id: String) -> Int { Int((seen[id] ?? []).reduce(0, +)) }
    return VersionHealth(
      invocations: sum("invocations"), errors: sum("errors"), throttles: sum("throttles"),
      p99Milliseconds: mean(seen["duration"]), oldP99Milliseconds: mean(before["duration"]))
  }

  private static func mean(_ values: [Double]?) -> Double? {
    guard let values, !values.isEmpty else { return nil }
    return values.reduce(0, +) / Double(values.count)
  }

  /// The limit that the version exceeds; nil when it passes.
  func complaint(_ limits: HealthLimits) -> String? {
    let errorShare = Double(errors) / Double(max(1, invocations))
    if errors > 0, errorShare > limits.maximumErrorShare {
      return
        "\(errors) of \(invocations) invocations failed (\(Share.text(errorShare)), the limit is "
        + "\(Share.text(limits.maximumErrorShare)))"
    }
    if throttles > limits.maximumThrottles {
      return "\(throttles) invocations were throttled, the limit is \(limits.maximumThrottles)"
    }
    guard invocations >= Self.minimumInvocationsForDuration, let p99 = p99Milliseconds
    else { return nil }
    let duration = "p99 duration is \(Self.text(p99))"
    if let limit = limits.maximumDurationMilliseconds, p99 > limit {
      return "\(duration), the limit is \(Self.text(limit))"
    }
    if limits.maximumDurationMilliseconds == nil, let old = oldP99Milliseconds,
      p99 > old * limits.maximumDurationRatio
    {
      return "\(duration), the limit is \(limits.maximumDurationRatio) times the old version's "
        + Self.text(old)
    }
    return nil
  }

  /// `120 invocations, 0 errors, 0 throttles, p99 212 ms (before: 208 ms)`
  package var text: String {
    let counts = "\(invocations) invocations, \(errors) errors, \(throttles) throttles"
    guard let p99 = p99Milliseconds else { return counts }
    let before = oldP99Milliseconds.map { " (before: \(Self.text($0)))" } ?? ""
    return "\(counts), p99 \(Self.text(p99))\(before)"
  }

  private static func text(_ milliseconds: Double) -> String { "\(Int(milliseconds.rounded())) ms" }
}
