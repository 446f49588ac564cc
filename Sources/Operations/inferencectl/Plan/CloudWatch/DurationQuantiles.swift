import AWSControl
import CapacityPlanner
import Foundation

/// The distribution of a function's durations, rebuilt from CloudWatch's percentiles of each day.
struct DurationQuantiles {
  let model: DurationModel
  let notices: [String]

  /// A percentile and the thousandths of all invocations that it stands for: the middle of each tenth, and a finer
  /// tail, where objectives are set.
  private static let strata: [(percentile: String, weight: Double)] = [
    ("p5", 100), ("p15", 100), ("p25", 100), ("p35", 100), ("p45", 100), ("p55", 100), ("p65", 100),
    ("p75", 100), ("p85", 100), ("p94", 80), ("p99", 16), ("p99.9", 4),
  ]

  /// A request may name ten percentiles.
  private static let percentilesPerRequest = 10

  /// - Parameters:
  ///   - invocations: by the period's beginning.
  ///   - averages: milliseconds, by the same.
  static func read(
    _ metrics: LambdaMetrics, invocations: [Double: Double], averages: [Double: Double],
    with client: ControlClient
  ) throws -> DurationQuantiles {
    var days: [Double: [String: Double]] = [:]
    for start in stride(from: 0, to: strata.count, by: percentilesPerRequest) {
      let names = strata[start..<min(strata.count, start + percentilesPerRequest)].map(\.percentile)
      let output = try client.read(
        GetMetricStatistics(
          metric: metrics.metric("Duration"), window: metrics.window, periodSeconds: 86_400,
          percentiles: names))
      for point in output.points {
        days[point.timestamp, default: [:]].merge(point.percentiles) { $1 }
      }
    }
    let samples = samples(days, invocations)
    if !samples.isEmpty {
      return DurationQuantiles(
        model: .samples(samples),
        notices: ["durations follow CloudWatch's percentiles of \(days.count) days"])
    }
    return try fromAverages(averages, invocations)
  }

  /// Each day's percentiles, as often as the day's share of the invocations asks for; about 10,000 in all.
  private static func samples(
    _ days: [Double: [String: Double]], _ invocations: [Double: Double]
  ) -> [Duration] {
    let counts = days.keys.reduce(into: [Double: Double]()) { counts, day in
      counts[day] = invocations.filter { $0.key >= day && $0.key < day + 86_400 }.values.reduce(
        0, +)
    }
    let total = counts.values.reduce(0, +)
    guard total > 0 else { return [] }
    return days.sorted { $0.key < $1.key }.flatMap { day, percentiles -> [Duration] in
      strata.flatMap { stratum -> [Duration] in
        guard let value = percentiles[stratum.percentile] else { return [] }
        let copies = Int(((counts[day] ?? 0) / total * stratum.weight * 10).rounded())
        return Array(repeating: milliseconds(value), count: copies)
      }
    }
  }

  /// The mean of each period instead, when there are no percentiles.
  private static func fromAverages(
    _ averages: [Double: Double], _ invocations: [Double: Double]
  ) throws -> DurationQuantiles {
    let weights = averages.map { (duration: $0.value, count: invocations[$0.key] ?? 0) }
      .sorted { $0.duration < $1.duration }
    let total = weights.map(\.count).reduce(0, +)
    guard total > 0 else {
      throw Refusal(
        "CloudWatch has no durations of the function beside the invocations",
        advice: "Give them with --duration")
    }
    let samples = weights.flatMap { weight in
      Array(
        repeating: milliseconds(weight.duration),
        count: max(1, Int((weight.count / total * 10_000).rounded())))
    }
    return DurationQuantiles(
      model: .samples(samples),
      notices: [
        "CloudWatch gave no percentiles of the durations: the means of the periods stand for them, which hides slow "
          + "invocations; --duration FILE with measured ones is better"
      ])
  }

  private static func milliseconds(_ value: Double) -> Duration {
    .microseconds(Int64((value * 1000).rounded()))
  }
}
