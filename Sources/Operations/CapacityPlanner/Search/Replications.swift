import Foundation

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
