import Foundation

/// How sure a simulated percentile is: the same settings on several draws of arrivals and durations.
package struct Certainty: Sendable, Hashable {
  package enum Verdict: String, Sendable, Hashable, Codable {
    /// The whole interval meets the objective, or misses it.
    case yes, no
    case tooCloseToCall = "too close to call"
  }

  package let verdict: Verdict
  /// 95 % confidence interval of the promised percentile; nil when it fell on requests that never ended well.
  package let interval: ClosedRange<Duration>?
  package let replications: Int
  /// The mean of the percentile.
  package var middle: Duration? { interval.map { ($0.lowerBound + $0.upperBound) / 2 } }
  /// Refused requests, the least and the most of a replication.
  package let refused: ClosedRange<Int>
  /// Hours and days of the clock that had requests, and how many of them missed the objective.
  package let hours: Windows
  /// See ``hours``.
  package let days: Windows

  package struct Windows: Sendable, Hashable {
    package let count: Int
    package let missed: Int
    package let worst: Worst?
  }

  package struct Worst: Sendable, Hashable {
    /// Seconds since the start of the traffic.
    package let startSeconds: Double
    package let lengthSeconds: Double
    package let arrivals: Int
    /// Share of them that ended within the promised time.
    package let keptShare: Double
    /// Latency at the promised percentile; nil when too many did not end well.
    package let latency: Duration?
  }

  /// The 95 % quantiles of Student's distribution, by degrees of freedom from 1 on.
  private static let quantiles = [
    12.71, 4.303, 3.182, 2.776, 2.571, 2.447, 2.365, 2.306, 2.262, 2.228, 2.201, 2.179, 2.160,
    2.145,
    2.131, 2.120, 2.110, 2.101, 2.093,
  ]

  /// The interval of the mean; nil when one of the latencies is missing.
  static func interval(_ latencies: [Duration?]) -> ClosedRange<Duration>? {
    let seconds = latencies.compactMap { $0?.inSeconds }
    guard seconds.count == latencies.count, seconds.count > 1 else { return nil }
    let count = Double(seconds.count)
    let mean = seconds.reduce(0, +) / count
    let variance = seconds.reduce(0) { $0 + ($1 - mean) * ($1 - mean) } / (count - 1)
    let degrees = seconds.count - 1
    let quantile =
      degrees <= quantiles.count ? quantiles[degrees - 1] : 1.96 + 2.5 / Double(degrees)
    let half = quantile * (variance / count).squareRoot()
    return .seconds(max(0, mean - half))...(.seconds(mean + half))
  }

  static func verdict(_ latencies: [Duration?], limit: Duration) -> Verdict {
    guard let interval = interval(latencies) else {
      return latencies.allSatisfy { $0 == nil } ? .no : .tooCloseToCall
    }
    // A percentile is read from buckets of 0.4 %, and never too low.
    if interval.upperBound <= limit { return .yes }
    return interval.lowerBound > limit ? .no : .tooCloseToCall
  }
}
