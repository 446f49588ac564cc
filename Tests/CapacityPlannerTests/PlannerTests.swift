import CapacityPlanner
import Prices
import Synchronization
import Testing

@Suite struct PlannerTests {
  private func planner(
    _ limit: Duration, _ change: (inout Planner) -> Void = { _ in }
  ) throws -> Planner {
    var planner = Planner(
      function: FunctionModel(
        duration: .constant(.milliseconds(100)), initDuration: .milliseconds(10),
        source: .synchronous),
      serviceLevel: ServiceLevel(latency: limit), prices: try PriceList.usEast1())
    change(&planner)
    return planner
  }

  /// Half an hour that begins and ends quietly.
  private func halfHour(_ rate: Double = 1, peak: Double = 5) throws -> Traffic {
    try Traffic(ratesPerSecond: [rate, rate, peak, peak, rate, rate], binWidth: .seconds(300))
  }

  @Test func nothingIsRecommendedWhereOnDemandIsFastEnough() throws {
    let plan = try planner(.milliseconds(500)).plan(for: halfHour())
    #expect(plan.best?.kind == .nothing)
    #expect(plan.recommendation.hasPrefix("Use no concurrency setting: $"))
  }

  @Test func provisionedIsRecommendedWhereColdStartsBreakThePromise() throws {
    let plan = try planner(.milliseconds(500)) {
      $0.function.initDuration = .seconds(3)
      $0.function.idleLifetime = .seconds(30)
      $0.serviceLevel.percentile = 0.999
    }.plan(for: halfHour())
    let best = try #require(plan.best)
    #expect(best.scenario.concurrency.provisioned != nil)
    #expect(plan.alternatives.first { $0.kind == .nothing }?.meetsServiceLevel == false)
    // No other that meets the objective is more than 1 % cheaper.
    #expect(
      plan.alternatives.filter(\.meetsServiceLevel).allSatisfy {
        $0.monthlyCost.total >= best.monthlyCost.total / 1.01
      })
  }

  @Test func theSmallestFixedNumberThatKeepsThePromiseIsFound() throws {
    let strict = try planner(.milliseconds(150)) {
      $0.function.initDuration = .seconds(3)
      $0.function.idleLifetime = .zero
      $0.kinds = [.provisioned]
      $0.replicates = false
    }
    let traffic = try halfHour()
    let best = try #require(strict.plan(for: traffic).best)
    var fewer = best.scenario
    let number = try #require(fewer.concurrency.provisioned?.initial)
    fewer.concurrency.provisioned = .fixed(number - 1)
    let outcome = try Simulation(fewer, strict.options(for: fewer, traffic)).run(traffic)
    #expect(
      outcome.latency.percentile(0.99, of: outcome.arrivals).map { $0 > .milliseconds(150) } ?? true
    )
  }

  @Test func whenNothingKeepsThePromiseThePlanSaysSoAndNamesTheNearest() throws {
    let plan = try planner(.milliseconds(50)).plan(for: halfHour())
    #expect(plan.best == nil)
    let least = plan.alternatives.map(\.counts.refused).min()
    let available = plan.alternatives.filter { $0.counts.refused == least }
    #expect(plan.nearest.promisedLatency == available.compactMap(\.promisedLatency).min())
    #expect(plan.recommendation.hasPrefix("Nothing that was tried keeps p99 ≤ 50 ms; nearest is "))
  }

  @Test func theEndpointsInstancesFollowFromItsQueue() throws {
    let plan = try planner(.milliseconds(800)) {
      $0.endpoint = EndpointModel(serviceTime: .exponential(mean: .milliseconds(100)))
    }.plan(for: halfHour(2, peak: 16))
    let best = try #require(plan.best)
    // 16 a second of 0.1 s need more than one instance at the peak, and fewer before and after.
    #expect(
      (best.scenario.endpoint?.tracking?.maximum ?? best.scenario.endpoint?.instances ?? 0) > 1)
    #expect(best.monthlyCost.endpointInstances > 0)
  }

  @Test func theFrontOnlyGetsDearerAndFaster() throws {
    let plan = try planner(.milliseconds(500)) {
      $0.endpoint = EndpointModel(serviceTime: .exponential(mean: .milliseconds(100)))
      $0.function.initDuration = .seconds(2)
    }.plan(for: halfHour(3, peak: 20))
    let front = plan.paretoFront
    #expect(front.count > 2)
    for (cheaper, dearer) in zip(front, front.dropFirst()) {
      #expect(cheaper.monthlyCost.total <= dearer.monthlyCost.total)
      let (slow, fast) = try (#require(cheaper.promisedLatency), #require(dearer.promisedLatency))
      #expect(fast < slow)
    }
  }

  @Test func theSearchIsDeterministicAndReportsItsProgress() throws {
    let progress = Steps()
    let search = try planner(.milliseconds(400)) {
      $0.endpoint = EndpointModel(serviceTime: .exponential(mean: .milliseconds(100)))
    }
    let first = try search.plan(for: halfHour()) { step in
      progress.list.withLock { $0.append(step) }
    }
    let second = try search.plan(for: halfHour())
    #expect(first.alternatives == second.alternatives)
    let steps = progress.list.withLock { $0 }
    #expect(steps.map(\.completed) == Array(1...steps.count))
    #expect(steps.last.map { $0.completed == $0.total } == true)
  }

  @Test func trafficThatNothingCouldServeIsToldWithWhatItNeeds() throws {
    let traffic = try Traffic(ratesPerSecond: [1e9], binWidth: .seconds(600))
    let planner = Planner(
      function: FunctionModel(duration: .constant(.milliseconds(100))),
      endpoint: EndpointModel(serviceTime: .constant(.milliseconds(400))),
      serviceLevel: ServiceLevel(latency: .seconds(1)), prices: try PriceList.usEast1())
    let error = #expect(throws: Planner.Failure.self) { try planner.plan(for: traffic) }
    let text = error?.description ?? ""
    #expect(text.contains("need at least 500,000,000 concurrent executions (the account has 1,000"))
    #expect(text.contains("(at most 100,000 are simulated)"))
  }

  @Test func anEndpointWithoutAPriceIsRefusedBeforeAnythingIsSimulated() throws {
    let search = try planner(.milliseconds(400)) {
      $0.endpoint = EndpointModel(
        instanceType: "ml.x9.huge", serviceTime: .constant(.milliseconds(1)))
    }
    #expect(throws: Planner.Failure.self) { try search.plan(for: halfHour()) }
  }
}

/// What a search reported.
private final class Steps: Sendable {
  let list = Mutex<[Planner.Progress]>([])
}
