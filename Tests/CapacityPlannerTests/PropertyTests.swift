import CapacityPlanner
import TestSupport
import Testing

/// What holds for every configuration, over random ones.
@Suite struct PropertyTests {
  /// A scenario in which anything may be on or off, and traffic that often exceeds it.
  private func random(_ seed: Int) throws -> (Scenario, Traffic) {
    var random = SeededGenerator(seed: UInt64(seed))
    func pick<T>(_ choices: [T]) -> T { choices[Int.random(in: choices.indices, using: &random)] }
    func duration(_ mean: Int) -> DurationModel {
      pick([
        .constant(.milliseconds(mean)), .exponential(mean: .milliseconds(mean)),
        .samples([.zero, .milliseconds(mean), .milliseconds(3 * mean)]),
      ])
    }
    var model = Scenario(
      function: FunctionModel(
        duration: duration(pick([0, 20, 500])), initDuration: .milliseconds(pick([0, 10, 1500])),
        timeout: .seconds(pick([1, 3, 60])), idleLifetime: .seconds(pick([0, 20, 600])),
        source: pick([.asynchronous, .synchronous]), errorShare: pick([0, 0.01, 0.5, 1]),
        maximumErrorRetries: pick([0, 1, 2]), maximumEventAge: .seconds(pick([60, 600, 21_600]))),
      account: AccountLimits(
        concurrency: pick([110, 1000]), usedByOthers: pick([0, 90]),
        provisionedPreparation: .seconds(pick([0, 90]))))
    model.concurrency.reserved = pick([nil, nil, 0, 1, 8])
    let most = model.concurrency.reserved ?? 10
    let tracking = TargetTracking(
      minimum: min(1, most), maximum: most, target: pick([0.1, 0.7]),
      scaleOutCooldown: .seconds(pick([0, 300])), scaleInCooldown: .seconds(pick([0, 60])),
      statistic: pick([.average, .maximum]))
    let schedule = [
      ScheduledAction(at: .seconds(700), every: .seconds(1800), minimum: most, maximum: most),
      ScheduledAction(at: .seconds(1400), every: .seconds(1800), minimum: 0, maximum: most),
    ]
    model.concurrency.provisioned = pick([
      nil, .fixed(most), .autoscaled(tracking), .scheduled(initial: 0, schedule),
      ProvisionedConcurrency(
        initial: most, isReadyAtStart: false, tracking: tracking, schedule: schedule),
    ])
    let endpoint = EndpointModel(
      serviceTime: duration(pick([10, 400])), workersPerInstance: pick([1, 3]),
      routing: pick([.random, .leastOutstanding]), instances: 2,
      tracking: pick([
        nil, TargetTracking(minimum: 1, maximum: 5, target: 60, scaleInCooldown: .seconds(60)),
      ]), launchDelay: .seconds(pick([0, 200])), invocationTimeout: .seconds(pick([2, 60])))
    model.endpoint = pick([nil, endpoint])
    let counts = (0..<40).map { _ in pick([0, 0, 3, 60, 400]) as Double }
    return (model, try Traffic(counts: counts + [1], binWidth: .seconds(90)))
  }

  @Test func everyArrivalEndsExactlyOnce() throws {
    for seed in 0..<300 {
      let (model, traffic) = try random(seed)
      let outcome = try Simulation(model, seed: UInt64(seed)).run(traffic)
      #expect(outcome.isConserved, "seed \(seed)")
      #expect(Double(outcome.arrivals) == traffic.expectedArrivals, "seed \(seed)")
      #expect(outcome.onProvisioned + outcome.spilledOver <= outcome.invocations, "seed \(seed)")
      let retries = outcome.retriesAfterThrottle + outcome.retriesAfterError
      #expect(
        outcome.invocations + outcome.throttles.total == outcome.arrivals + retries, "seed \(seed)")
      #expect(outcome.invocations == outcome.completed + outcome.functionErrors, "seed \(seed)")
    }
  }

  @Test func thePointsOfTheSeriesAddUpToTheWhole() throws {
    for seed in 0..<100 {
      let (model, traffic) = try random(seed)
      let outcome = try Simulation(model, seed: UInt64(seed), seriesPoints: 50).run(traffic)
      #expect(outcome.series.reduce(0) { $0 + $1.arrivals } == outcome.arrivals)
      #expect(outcome.series.reduce(0) { $0 + $1.completed } == outcome.completed)
      #expect(outcome.series.reduce(0) { $0 + $1.coldStarts } == outcome.coldStarts)
      #expect(outcome.series.reduce(0) { $0 + $1.throttles } == outcome.throttles.total)
      #expect(outcome.series.map(\.peakConcurrency).max() == outcome.peakConcurrency)
      #expect(outcome.series.count <= 51)
    }
  }

  @Test func theSameSeedGivesTheSameOutcome() throws {
    for seed in 0..<60 {
      let (model, traffic) = try random(seed)
      let simulation = try Simulation(model, seed: UInt64(seed))
      #expect(simulation.run(traffic) == simulation.run(traffic), "seed \(seed)")
    }
  }

  @Test func noLimitIsEverExceeded() throws {
    for seed in 0..<150 {
      let (model, traffic) = try random(seed)
      let outcome = try Simulation(model, seed: UInt64(seed)).run(traffic)
      let ceiling =
        model.concurrency.reserved ?? model.account.concurrency - model.account.usedByOthers
      #expect(outcome.peakConcurrency <= ceiling, "seed \(seed)")
      if let tracking = model.endpoint?.tracking {
        let instances = outcome.series.map(\.instances)
        #expect((instances.max() ?? 0) <= Double(tracking.maximum) + 1e-9, "seed \(seed)")
        #expect((instances.min() ?? 1) >= Double(tracking.minimum) - 1e-9, "seed \(seed)")
      }
    }
  }
}
