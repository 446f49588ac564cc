import CapacityPlanner
import Foundation
import Testing

/// Formulas of queueing theory within the simulation's own confidence interval: forty independent runs, and the
/// 99.9 % quantile of Student's t with 39 degrees of freedom. The seeds are fixed, so the verdict never changes.
@Suite struct QueueingTheoryTests {
  private static let runs: UInt64 = 40
  private static let quantile = 3.558

  private func interval(_ measure: (UInt64) throws -> Double) rethrows -> ClosedRange<Double> {
    let values = try (1...Self.runs).map(measure)
    let count = Double(values.count)
    let mean = values.reduce(0, +) / count
    let variance = values.reduce(0) { $0 + ($1 - mean) * ($1 - mean) } / (count - 1)
    let half = Self.quantile * (variance / count).squareRoot()
    return mean - half...mean + half
  }

  private func poisson(_ ratePerSecond: Double, hours: Int) throws -> Traffic {
    try Traffic(ratesPerSecond: [ratePerSecond], binWidth: .seconds(3600 * hours))
  }

  @Test(arguments: [(5, 0.28487), (8, 0.07005), (10, 0.01838)])
  func reservedConcurrencyThrottlesByErlangsLossFormula(servers: Int, loss: Double) throws {
    let model = scenario {
      $0.concurrency.reserved = servers
      $0.function.duration = .exponential(mean: .milliseconds(1000))
      $0.function.timeout = .seconds(900)
    }
    let traffic = try poisson(5, hours: 1)
    let range = try interval { seed in
      let outcome = try Simulation(model, seed: seed, seriesPoints: 1).run(traffic)
      return Double(outcome.throttles.reservedConcurrency) / Double(outcome.arrivals)
    }
    #expect(range.contains(loss))
    // An interval that contains everything would prove nothing.
    #expect(range.upperBound - range.lowerBound < 0.02)
  }

  @Test func withoutACeilingTheMeanConcurrencyIsTheOfferedLoad() throws {
    let model = scenario {
      $0.function.duration = .exponential(mean: .seconds(2))
      $0.function.timeout = .seconds(900)
    }
    let traffic = try poisson(5, hours: 1)
    let range = try interval {
      try Simulation(model, seed: $0, seriesPoints: 1).run(traffic).meanConcurrency
    }
    #expect(range.contains(10))
    #expect(range.upperBound - range.lowerBound < 0.5)
  }

  @Test func anInstancesQueueWaitsByErlangsDelayFormula() throws {
    // M/M/c with c = 2 and a = 1.5: P(wait) = 0.642857, mean time in system 1 / (c - a) × P(wait) × s + s.
    let model = scenario {
      $0.function.duration = .constant(.zero)
      $0.function.timeout = .seconds(900)
      $0.endpoint = EndpointModel(
        serviceTime: .exponential(mean: .milliseconds(100)), workersPerInstance: 2)
    }
    let traffic = try poisson(15, hours: 1)
    let range = try interval { seed in
      let outcome = try Simulation(model, seed: seed, seriesPoints: 1).run(traffic)
      return Double((outcome.latency.mean ?? .zero).components.attoseconds) * 1e-18
    }
    #expect(range.contains(0.1 + 0.642857 / 0.5 * 0.1))
    #expect(range.upperBound - range.lowerBound < 0.02)
  }

  @Test func aConstantServiceTimeWaitsByPollaczekAndKhinchin() throws {
    // M/D/1 at 80 %: mean wait = ρ s / 2 (1 - ρ) = 0.2 s for s = 0.1 s.
    let model = scenario {
      $0.function.duration = .constant(.zero)
      $0.function.timeout = .seconds(900)
      $0.endpoint = EndpointModel(serviceTime: .constant(.milliseconds(100)))
    }
    let traffic = try poisson(8, hours: 1)
    let range = try interval { seed in
      let outcome = try Simulation(model, seed: seed, seriesPoints: 1).run(traffic)
      return Double((outcome.latency.mean ?? .zero).components.attoseconds) * 1e-18
    }
    #expect(range.contains(0.3))
    #expect(range.upperBound - range.lowerBound < 0.05)
  }
}
