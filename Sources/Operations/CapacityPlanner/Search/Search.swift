import Foundation
import Synchronization

/// Simulations side by side, and the progress over all of them.
final class Search: Sendable {
  let planner: Planner
  let traffic: Traffic
  private let report: (@Sendable (Planner.Progress) -> Void)?
  private let progress = Mutex((completed: 0, total: 0))

  init(_ planner: Planner, _ traffic: Traffic, _ report: (@Sendable (Planner.Progress) -> Void)?) {
    self.planner = planner
    self.traffic = traffic
    self.report = report
  }

  /// The alternatives in the order of the scenarios, without those that AWS would refuse.
  func simulate(_ scenarios: [Scenario]) -> [Alternative] {
    progress.withLock { $0.total += scenarios.count }
    let results = Mutex([Alternative?](repeating: nil, count: scenarios.count))
    DispatchQueue.concurrentPerform(iterations: scenarios.count) { index in
      let result = simulate(scenarios[index])
      results.withLock { $0[index] = result }
      progress.withLock {
        $0.completed += 1
        report?(Planner.Progress(completed: $0.completed, total: $0.total))
      }
    }
    return results.withLock { $0.compactMap { $0 } }
  }

  private func simulate(_ scenario: Scenario) -> Alternative? {
    guard let simulation = try? Simulation(scenario, planner.options(for: scenario, traffic)) else {
      return nil
    }
    // The prices were checked before the search.
    return try? Alternative(
      scenario, simulation.run(traffic), traffic.duration, planner.serviceLevel, planner.prices,
      includesFreeTier: planner.includesFreeTier)
  }

  /// The same alternatives, each measured against what the least refusing of all refuses. No two of one scenario.
  func judged(_ alternatives: [Alternative]) -> [Alternative] {
    let level = planner.serviceLevel
    let least = alternatives.map(\.counts.refused).min() ?? 0
    var seen: Set<Scenario> = []
    return alternatives.filter { seen.insert($0.scenario).inserted }.map { alternative in
      var alternative = alternative
      let allowed = level.allowedRefused(of: alternative.counts.arrivals, least: least)
      alternative.meetsServiceLevel =
        alternative.meetsLatency && alternative.counts.refused <= allowed
        && alternative.certainty?.verdict != .no
      return alternative
    }
  }
}
