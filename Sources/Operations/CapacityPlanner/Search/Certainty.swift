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

/// Simulates settings repeatedly until it is decided whether they meet the objective.
struct Replications {
  /// Draws at first, draws more each time, and draws at most.
  static let first = 5
  static let step = 5
  static let most = 30

  let planner: Planner
  let traffic: Traffic
  let level: ServiceLevel

  /// - Returns: nil when AWS would refuse the scenario.
  func certainty(of scenario: Scenario) -> Certainty? {
    var outcomes: [Outcome] = []
    var verdict = Certainty.Verdict.tooCloseToCall
    repeat {
      let more = run(
        scenario, from: outcomes.count,
        to: outcomes.isEmpty ? Self.first : outcomes.count + Self.step)
      if more.isEmpty { return nil }
      outcomes += more
      verdict = Certainty.verdict(outcomes.map(latency), limit: level.latency)
    } while verdict == .tooCloseToCall && outcomes.count < Self.most
    let refused = outcomes.map(\.refused)
    let windows = ClockWindows(
      traffic, planner.timeZone, outcomes, level, slowestHour: slowestHour(of: scenario))
    return Certainty(
      verdict: verdict, interval: Certainty.interval(outcomes.map(latency)),
      replications: outcomes.count, refused: (refused.min() ?? 0)...(refused.max() ?? 0),
      hours: windows.summary(windows.hours) { latency(of: scenario, in: $0, outcomes.count) },
      days: windows.summary(windows.days) { latency(of: scenario, in: $0, outcomes.count) })
  }

  /// Where in the traffic the hour with the highest 99th percentile lies, seconds; for objectives that no hour misses.
  private func slowestHour(of scenario: Scenario) -> Double? {
    var options = planner.options(for: scenario, traffic)
    options.pointLength = .seconds(3600)
    let outcome = try? Simulation(scenario, options).run(traffic)
    let enough = 1 / max(1e-9, 1 - level.percentile)
    let points = (outcome?.series ?? []).filter { $0.startSeconds < traffic.duration.inSeconds }
    let busy = points.filter { Double($0.completed) >= enough }
    return (busy.isEmpty ? points : busy).max { ($0.p99 ?? .zero) < ($1.p99 ?? .zero) }
      .map { $0.startSeconds + $0.lengthSeconds / 2 }
  }

  /// Seeds follow the planner's own, which the search used.
  private func run(
    _ scenario: Scenario, from: Int, to: Int, focus: Range<Duration>? = nil
  ) -> [Outcome] {
    let results = Slots(to - from)
    DispatchQueue.concurrentPerform(iterations: to - from) { index in
      var options = planner.options(for: scenario, traffic)
      options.seed = planner.seed &+ UInt64(from + index)
      options.focus = focus
      results.set(index, try? Simulation(scenario, options).run(traffic))
    }
    return results.values
  }

  private func latency(_ outcome: Outcome) -> Duration? {
    outcome.latency.percentile(level.percentile, of: outcome.arrivals)
  }

  /// The percentile of what arrives in a range, over the draws that the range was chosen from.
  private func latency(
    of scenario: Scenario, in range: Range<Duration>, _ draws: Int
  ) -> Duration? {
    var latencies = LatencyHistogram()
    var arrivals = 0
    for outcome in run(scenario, from: 0, to: draws, focus: range) {
      if let focused = outcome.focused { latencies.add(focused) }
      let hours = outcome.hours.filter {
        $0.startSeconds + 3600 > range.lowerBound.inSeconds
          && $0.startSeconds < range.upperBound.inSeconds
      }
      arrivals += hours.reduce(0) { $0 + $1.arrivals }
    }
    return latencies.percentile(level.percentile, of: max(latencies.count, arrivals))
  }
}

/// Results of simulations that run side by side, in order.
final class Slots: @unchecked Sendable {
  private let lock = NSLock()
  private var slots: [Outcome?]

  init(_ count: Int) { slots = Array(repeating: nil, count: count) }

  func set(_ index: Int, _ outcome: Outcome?) { lock.withLock { slots[index] = outcome } }

  var values: [Outcome] { lock.withLock { slots.compactMap { $0 } } }
}

/// Hours and days of the clock over all replications.
struct ClockWindows {
  /// Requests that arrived in a stretch of time, and how many ended late or not at all.
  struct Window {
    var startSeconds: Double
    var lengthSeconds: Double
    var arrivals: Int
    var late: Int
  }

  private let level: ServiceLevel
  private let replications: Int
  private let length: Double
  private let slowestHour: Double?
  let hours: [Window]
  let days: [Window]

  init(
    _ traffic: Traffic, _ timeZone: TimeZone, _ outcomes: [Outcome], _ level: ServiceLevel,
    slowestHour: Double?
  ) {
    self.slowestHour = slowestHour
    self.level = level
    replications = outcomes.count
    length = traffic.duration.inSeconds
    var hours: [Window] = []
    for outcome in outcomes {
      for (index, hour) in outcome.hours.enumerated() {
        if index == hours.count {
          hours.append(
            Window(startSeconds: hour.startSeconds, lengthSeconds: 3600, arrivals: 0, late: 0))
        }
        hours[index].arrivals += hour.arrivals
        hours[index].late += hour.late
      }
    }
    self.hours = hours
    var days: [(day: Int, window: Window)] = []
    for hour in hours {
      let unix = (traffic.startUnixSeconds ?? 0) + hour.startSeconds
      let local = unix + Double(timeZone.secondsFromGMT(for: Date(timeIntervalSince1970: unix)))
      let day = Int((local / 86_400).rounded(.down))
      if let last = days.last, last.day == day {
        days[days.count - 1].window.arrivals += hour.arrivals
        days[days.count - 1].window.late += hour.late
        days[days.count - 1].window.lengthSeconds =
          hour.startSeconds + 3600 - last.window.startSeconds
      } else {
        days.append((day, hour))
      }
    }
    self.days = days.map(\.window)
  }

  func summary(
    _ windows: [Window], latency: (Range<Duration>) -> Duration?
  ) -> Certainty.Windows {
    let busy = windows.filter { $0.arrivals > 0 }
    let missed = busy.count { $0.late > allowed($0.arrivals) }
    // The percentile of a handful of requests is their slowest one: prefer stretches in which it means something.
    let enough = busy.filter {
      Double($0.arrivals) / Double(max(1, replications)) * (1 - level.percentile) >= 1
    }
    var worst = (enough.isEmpty ? busy : enough).max { share($0) < share($1) }
    if let slowestHour, worst.map({ share($0) == 0 }) ?? true {
      worst =
        busy.first {
          $0.startSeconds <= slowestHour && slowestHour < $0.startSeconds + $0.lengthSeconds
        } ?? worst
    }
    return Certainty.Windows(
      count: busy.count, missed: missed,
      worst: worst.map { window in
        let from = Duration.seconds(max(0, window.startSeconds))
        let to = Duration.seconds(min(length, window.startSeconds + window.lengthSeconds))
        return Certainty.Worst(
          startSeconds: window.startSeconds, lengthSeconds: window.lengthSeconds,
          arrivals: window.arrivals / max(1, replications), keptShare: 1 - share(window),
          latency: latency(from..<max(from, to)))
      })
  }

  private func share(_ window: Window) -> Double { Double(window.late) / Double(window.arrivals) }

  private func allowed(_ arrivals: Int) -> Int {
    arrivals - Int((level.percentile * Double(arrivals)).rounded(.up))
  }
}
