import CapacityPlanner
import Foundation
import Prices

/// One run with everything switched on; ceilings and scaling are sized so that each of them acts at the peaks.
func measureSimulation(_ traffic: Traffic, isConstant: Bool) throws {
  func duration(_ mean: Duration) -> DurationModel {
    isConstant ? .constant(mean) : .exponential(mean: mean)
  }
  let service = Duration.milliseconds(60)
  let rate = traffic.meanRatePerSecond
  let load = rate * 0.08
  let instanceRate = 4 / 0.06
  let scenario = Scenario(
    function: FunctionModel(
      duration: duration(.milliseconds(20)), initDuration: .milliseconds(200),
      source: .asynchronous,
      errorShare: 0.001),
    account: AccountLimits(concurrency: 10_000),
    concurrency: ConcurrencySettings(
      reserved: max(10, Int(load * 10)),
      provisioned: .autoscaled(
        TargetTracking(minimum: max(1, Int(load)), maximum: max(10, Int(load * 6)), target: 0.7))),
    endpoint: EndpointModel(
      serviceTime: duration(service), workersPerInstance: 4, routing: .leastOutstanding,
      instances: max(1, Int(rate / instanceRate) + 1),
      tracking: TargetTracking(
        minimum: 1, maximum: Int(traffic.peakRatePerSecond / instanceRate * 2) + 2,
        target: instanceRate * 30, scaleOutCooldown: .seconds(30), scaleInCooldown: .seconds(30))))
  let simulation = try Simulation(scenario)
  let start = Usage()
  let outcome = simulation.run(traffic)
  let usage = Usage() - start
  let ended = outcome.completed + outcome.throttled + outcome.failed + outcome.lost.total
  let goal = Double(ended) / usage.processorSeconds >= 5e6 ? "held" : "missed"
  print(
    """
    \(ended) arrivals ended: \(millions(ended, usage.processorSeconds)) million a second of one core, \
    \(millions(ended, usage.seconds)) by the clock (\(fixed(usage.seconds)) s); at least 5 million: \(goal); \
    at most \(usage.residentMegabytes) MB resident
    \(outcome.invocations) invocations, \(outcome.onProvisioned) on provisioned concurrency, \
    \(outcome.spilledOver) spilled over, \(outcome.coldStarts) cold; \(outcome.throttles.total) throttles, \
    \(outcome.retriesAfterThrottle) and \(outcome.retriesAfterError) retries after throttling and errors, \
    \(outcome.lost.total) lost; at most \(outcome.peakConcurrency) at once, \(outcome.longestQueue) queued, \
    \(outcome.series.map(\.instances).max().map(fixed) ?? "-") instances
    """)
}

/// The whole search: all kinds of settings, an endpoint, and an objective of 500 ms.
func measureSearch(_ traffic: Traffic) throws {
  let planner = Planner(
    function: FunctionModel(
      duration: .exponential(mean: .milliseconds(120)), initDuration: .milliseconds(800)),
    endpoint: EndpointModel(serviceTime: .exponential(mean: .milliseconds(600))),
    serviceLevel: ServiceLevel(latency: .seconds(4)), prices: try PriceList.usEast1())
  let start = Usage()
  let plan = try planner.plan(for: traffic)
  let usage = Usage() - start
  print(
    """
    \(plan.alternatives.count) alternatives of \(Int(traffic.expectedArrivals)) arrivals in \
    \(fixed(usage.seconds)) s (\(fixed(usage.processorSeconds)) s of processors); \
    under a minute: \(usage.seconds < 60 ? "held" : "missed"); at most \(usage.residentMegabytes) MB resident
    \(plan.recommendation)
    """)
  for kind in Alternative.Kind.allCases {
    guard let best = plan.best(of: kind) else { continue }
    print(
      "\(kind): $\(fixed(best.monthlyCost.total)), p99 \(best.p99.map { "\($0)" } ?? "-"), \(best)")
  }
}

/// Clock, processor time and memory of this process.
struct Usage {
  var seconds: Double
  var processorSeconds: Double
  var residentMegabytes: Int

  init() {
    var usage = rusage()
    getrusage(__rusage_who_t(RUSAGE_SELF.rawValue), &usage)
    let user = Double(usage.ru_utime.tv_sec) + Double(usage.ru_utime.tv_usec) / 1e6
    let system = Double(usage.ru_stime.tv_sec) + Double(usage.ru_stime.tv_usec) / 1e6
    processorSeconds = user + system
    residentMegabytes = usage.ru_maxrss / 1024
    seconds = ProcessInfo.processInfo.systemUptime
  }

  static func - (end: Usage, start: Usage) -> Usage {
    var difference = end
    difference.seconds -= start.seconds
    difference.processorSeconds -= start.processorSeconds
    return difference
  }
}

private func fixed(_ value: Double) -> String { String(format: "%.1f", value) }

private func millions(_ count: Int, _ seconds: Double) -> String {
  String(format: "%.2f", Double(count) / max(seconds, 1e-9) / 1e6)
}
