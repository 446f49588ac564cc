import CapacityPlanner
import Foundation
import Prices
import Testing

/// What the search must find, and what it must not recommend.
@Suite struct SearchTests {
  private func planner(
    _ limit: Duration, _ change: (inout Planner) -> Void = { _ in }
  ) throws -> Planner {
    var planner = Planner(
      function: FunctionModel(
        duration: .constant(.milliseconds(40)), initDuration: .milliseconds(300),
        source: .synchronous),
      serviceLevel: ServiceLevel(latency: limit), prices: try PriceList.usEast1())
    change(&planner)
    return planner
  }

  private func twoHours(_ rate: Double, peak: Double) throws -> Traffic {
    let rates = (0..<24).map { [8, 9, 10, 11].contains($0) ? peak : rate }
    return try Traffic(ratesPerSecond: rates, binWidth: .seconds(300), startUnixSeconds: 0)
  }

  @Test func aSettingThatRefusesMoreIsNeverFirst() throws {
    let plan = try planner(.seconds(2)).plan(for: twoHours(5, peak: 80))
    #expect(plan.nearest.counts.refused == 0)
    #expect(plan.alternatives[0].counts.refused == 0)
    #expect(plan.recommendation.hasSuffix("no request is refused."))
    // What refuses is among the rest.
    #expect(plan.alternatives.contains { $0.counts.refused > 0 && !$0.meetsServiceLevel })
  }

  @Test func availabilityMayBeTraded() throws {
    let strict = try planner(.seconds(2)) { $0.serviceLevel.percentile = 0.9 }
    let loose = try planner(.seconds(2)) {
      $0.serviceLevel.percentile = 0.9
      $0.serviceLevel.availability = 0.95
      $0.kinds = [.reserved]
    }
    let traffic = try twoHours(5, peak: 80)
    #expect(try strict.plan(for: traffic).nearest.counts.refused == 0)
    let plan = try loose.plan(for: traffic)
    #expect(plan.nearest.counts.refused > 0)
    #expect(plan.nearest.refusedShare <= 0.05)
    #expect(plan.recommendation.contains("requests are refused ("))
  }

  /// `PLANNER_GRID` makes it a wide grid on several seeds; `.ci/nightly/long-planner.sh` sets it.
  private static let isWide = ProcessInfo.processInfo.environment["PLANNER_GRID"] != nil

  /// Everything in a grid around the answer, simulated one by one.
  @Test(arguments: isWide ? Array(UInt64(1)...8) : [1, 2])
  func theSearchFindsWhatAGridFinds(seed: UInt64) throws {
    let search = try planner(.milliseconds(1500)) {
      $0.function.source = .asynchronous
      $0.function.initDuration = .seconds(2)
      $0.function.idleLifetime = .seconds(60)
      $0.function.maximumEventAge = .seconds(120)
      $0.endpoint = EndpointModel(
        serviceTime: .exponential(mean: .milliseconds(250)), workersPerInstance: 2,
        routing: .leastOutstanding)
      $0.seed = seed
      $0.replicates = false
      $0.kinds = [.nothing, .reserved, .provisioned]
    }
    let rates = (0..<24).map { [8, 9, 10, 11].contains($0) ? 18.0 : 2 }
    let traffic = try Traffic(ratesPerSecond: rates, binWidth: .seconds(60), startUnixSeconds: 0)
    let plan = try search.plan(for: traffic)
    let best = try #require(plan.best)
    var settings = [ConcurrencySettings()]
    settings += (4...(Self.isWide ? 40 : 16)).map { ConcurrencySettings(reserved: $0) }
    settings += (1...(Self.isWide ? 24 : 9)).map { ConcurrencySettings(provisioned: .fixed($0)) }
    var (cheapest, winner) = (Double.infinity, "")
    for instances in 1...(Self.isWide ? 9 : 5) {
      for setting in settings {
        var endpoint = try #require(search.endpoint)
        endpoint.instances = instances
        let scenario = search.scenario(setting, endpoint)
        let outcome = try Simulation(scenario, search.options(for: scenario, traffic)).run(traffic)
        guard let latency = outcome.latency.percentile(0.99, of: outcome.arrivals),
          latency <= .milliseconds(1500), outcome.refused == 0
        else { continue }
        let cost = try search.prices.cost(
          of: outcome.billed.perMonth(of: traffic.duration), function: search.function,
          endpoint: endpoint
        ).total
        if cost < cheapest { (cheapest, winner) = (cost, "\(setting), \(endpoint)") }
      }
    }
    #expect(cheapest < .infinity)
    // A simpler setting may cost a hundredth more.
    #expect(best.monthlyCost.total <= cheapest * 1.01, "\(best) instead of \(winner)")
  }

  @Test(arguments: [10, 300, 7200])
  func oneProvisionedEnvironmentCostsTheSameWhateverTheTrace(seconds: Int) throws {
    let search = try planner(.seconds(1)) {
      $0.function.memoryMegabytes = 1024
      $0.replicates = false
    }
    let traffic = try Traffic(
      arrivals: stride(from: 0, to: seconds, by: 5).map { .seconds($0) },
      duration: .seconds(seconds))
    let scenario = search.scenario(ConcurrencySettings(provisioned: .fixed(1)))
    let alternative = try search.alternative(scenario, traffic: traffic)
    #expect(Int((alternative.monthlyCost.provisionedConcurrency * 100).rounded()) == 10_95)
  }

  @Test func theLeadInFillsThePool() throws {
    let search = try planner(.seconds(1))
    let traffic = try Traffic(
      arrivals: (0..<60).map { .seconds(10 * $0) }, duration: .seconds(600))
    let alternative = try search.alternative(search.scenario(), traffic: traffic)
    #expect(alternative.counts.coldStarts == 0)
    #expect(alternative.counts.arrivals == 60)
  }

  @Test func aTraceOfSixHoursHasNoSchedule() throws {
    let rates = (0..<72).map { $0 < 36 ? 1.0 : 20 }
    let traffic = try Traffic(ratesPerSecond: rates, binWidth: .seconds(300), startUnixSeconds: 0)
    let plan = try planner(.milliseconds(200)).plan(for: traffic)
    #expect(!plan.alternatives.contains { $0.kind == .scheduled })
  }

  @Test func aScheduleKeepsWhatTheBusyHourNeedsToItsEnd() throws {
    // Two days with one busy hour, nine to ten.
    let rates = (0..<48).map { $0 % 24 == 9 ? 12.0 : 0.05 }
    let traffic = try Traffic(
      ratesPerSecond: rates, binWidth: .seconds(3600), startUnixSeconds: 1_795_305_600)
    let search = try planner(.milliseconds(500)) {
      $0.kinds = [.scheduled]
      $0.function.duration = .exponential(mean: .milliseconds(400))
      $0.function.initDuration = .seconds(3)
      $0.replicates = false
    }
    let plan = try search.plan(for: traffic)
    let scheduled = try #require(plan.alternatives.first { $0.kind == .scheduled })
    let entries = try #require(scheduled.scenario.concurrency.provisioned?.clock?.entries)
    #expect(entries.map(\.expression) == ["cron(50 8 * * ? *)", "cron(0 10 * * ? *)"])
    // The busy hours alone have 86,400 requests.
    #expect(scheduled.counts.coldStarts < 200)
  }

  @Test func aPercentileThatVariesHasAnInterval() throws {
    let search = try planner(.milliseconds(300)) {
      $0.function.duration = .exponential(mean: .milliseconds(100))
    }
    let plan = try search.plan(for: twoHours(1, peak: 3))
    let certainty = try #require(plan.nearest.certainty)
    let interval = try #require(certainty.interval)
    // The 99th percentile of an exponential of 100 ms and 0.3 s of cold starts lies above 460 ms.
    #expect(certainty.verdict == .no || plan.best != nil)
    #expect(interval.lowerBound < interval.upperBound)
    #expect(certainty.replications >= 5)
  }

  @Test func aBadHourDoesNotHide() throws {
    // Nine hours are idle but for one request in five minutes, one has bursts that queue.
    var counts = [Double](repeating: 3, count: 600)
    for minute in 300..<360 { counts[minute] = 300 }
    let traffic = try Traffic(counts: counts, binWidth: .seconds(60), startUnixSeconds: 0)
    let search = try planner(.milliseconds(400)) {
      $0.function.initDuration = .zero
      $0.serviceLevel.percentile = 0.9
      $0.endpoint = EndpointModel(serviceTime: .exponential(mean: .milliseconds(180)))
    }
    var endpoint = try #require(search.endpoint)
    endpoint.instances = 1
    let one = try search.alternative(
      search.scenario(ConcurrencySettings(), endpoint), traffic: traffic)
    let worst = try #require(one.certainty?.hours.worst)
    #expect(worst.startSeconds == 18_000)
    #expect(worst.latency.map { $0 > .milliseconds(400) } ?? true)
  }

  @Test func theWorstHourMissesWhereHoursMiss() throws {
    // An endpoint that wakes up for one request in a few hours, in some draws.
    let search = try planner(.seconds(600)) {
      $0.function.source = .asynchronous
      $0.endpoints = [
        EndpointModel(kind: .asynchronous, serviceTime: .constant(.milliseconds(150)))
      ]
    }
    let traffic = try Traffic.syntheticDays(
      ratePerSecond: 0.5, peakPerSecond: 3, days: 1, peakHour: 14, startUnixSeconds: 0)
    let hours = try #require(search.plan(for: traffic).nearest.certainty?.hours)
    let worst = try #require(hours.worst)
    #expect(hours.missed > 0)
    #expect(worst.latency.map { $0 > .seconds(600) } ?? true)
  }

  @Test func memoryIsChosenByItsMeasuredDurations() throws {
    let search = try planner(.milliseconds(250)) {
      $0.function.memoryMegabytes = 128
      $0.function.duration = .constant(.milliseconds(400))
      var large = $0.function
      large.memoryMegabytes = 512
      large.duration = .constant(.milliseconds(90))
      var arm = large
      arm.architecture = .arm
      $0.variants = [large, arm]
    }
    let best = try #require(search.plan(for: twoHours(2, peak: 5)).best)
    #expect(best.scenario.function.memoryMegabytes == 512)
    #expect(best.scenario.function.architecture == .arm)
  }

  @Test func aServerlessEndpointRefusesNobodyWhereMoreConcurrencyIsFree() throws {
    let search = try planner(.seconds(10)) {
      $0.function.initDuration = .milliseconds(10)
      $0.endpoints = [
        EndpointModel(serviceTime: .constant(.milliseconds(150))),
        EndpointModel(
          kind: .serverless(ServerlessModel(memoryMegabytes: 2048, maximumConcurrency: 1)),
          serviceTime: .constant(.milliseconds(700))),
      ]
    }
    let traffic = try Traffic.syntheticDays(
      ratePerSecond: 0.02, peakPerSecond: 1, days: 1, peakHour: 14, startUnixSeconds: 0)
    let best = try #require(search.plan(for: traffic).best)
    #expect(best.counts.refused == 0)
    #expect(best.monthlyCost.total < 10)
  }

  @Test func aFewUploadsADayGoToAServerlessEndpoint() throws {
    let traffic = try Traffic(
      arrivals: (0..<200).map { .seconds(432 * $0) }, duration: .seconds(86_400),
      startUnixSeconds: 0)
    let search = try planner(.seconds(20)) {
      $0.function.source = .asynchronous
      $0.endpoints = [
        EndpointModel(serviceTime: .constant(.milliseconds(300))),
        EndpointModel(
          kind: .serverless(ServerlessModel(memoryMegabytes: 2048, maximumConcurrency: 1)),
          serviceTime: .constant(.milliseconds(700))),
      ]
    }
    let best = try #require(search.plan(for: traffic).best)
    #expect(best.scenario.endpoint?.serverless != nil)
    #expect(best.monthlyCost.total < 1)
  }
}
