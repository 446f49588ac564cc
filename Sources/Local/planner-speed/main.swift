import CapacityPlanner
import Foundation

/// How fast the planner simulates: the trace of counts per bin, multiplied, with everything switched on.
///
///     planner-speed TRACE.csv [FACTOR] [constant|exponential]

let arguments = CommandLine.arguments
guard arguments.count > 1, let text = try? String(contentsOfFile: arguments[1], encoding: .utf8)
else {
  FileHandle.standardError.write(
    Data("planner-speed: usage: planner-speed TRACE.csv [FACTOR] [constant|exponential]\n".utf8))
  exit(2)
}
let factor = arguments.count > 2 ? Double(arguments[2]) ?? 1 : 1
let isConstant = arguments.count > 3 && arguments[3] == "constant"

let counts = text.split(whereSeparator: \.isNewline).dropFirst()
  .compactMap { $0.split(separator: ",").last.flatMap { Double($0) } }
let traffic = try Traffic(counts: counts, binWidth: .seconds(300)).scaled(by: factor)

let rate = traffic.meanRatePerSecond
let service = Duration.milliseconds(60)
let instanceRate = 4 / service.seconds
let peakInstances = Int(traffic.peakRatePerSecond / instanceRate * 2) + 2
let scenario = Scenario(
  function: FunctionModel(
    duration: isConstant ? .constant(.milliseconds(20)) : .exponential(mean: .milliseconds(20)),
    initDuration: .milliseconds(200), source: .asynchronous, errorShare: 0.001),
  account: AccountLimits(concurrency: 3000),
  concurrency: ConcurrencySettings(
    reserved: max(20, Int(rate * 0.6)),
    provisioned: .autoscaled(
      TargetTracking(
        minimum: max(1, Int(rate * 0.04)), maximum: max(10, Int(rate * 0.4)), target: 0.7))),
  endpoint: EndpointModel(
    serviceTime: isConstant ? .constant(service) : .exponential(mean: service),
    workersPerInstance: 4, routing: .leastOutstanding,
    instances: max(2, Int(rate / instanceRate) + 1),
    tracking: TargetTracking(
      minimum: 1, maximum: peakInstances, target: instanceRate * 0.5 * 60,
      scaleOutCooldown: .seconds(30), scaleInCooldown: .seconds(30))))

let clock = ContinuousClock()
var outcome: Outcome?
let elapsed = try clock.measure { outcome = try Simulation(scenario).run(traffic) }
guard let outcome else { exit(1) }
var usage = rusage()
getrusage(__rusage_who_t(RUSAGE_SELF.rawValue), &usage)
let ended = outcome.completed + outcome.throttled + outcome.failed + outcome.lost.total
print(
  """
  \(ended) arrivals ended in \(String(format: "%.2f", elapsed.seconds)) s: \
  \(String(format: "%.2f", Double(ended) / elapsed.seconds / 1e6)) million a second, \
  at most \(usage.ru_maxrss / 1024) MB resident
  invocations \(outcome.invocations), cold \(outcome.coldStarts), on provisioned \(outcome.onProvisioned), \
  spilled over \(outcome.spilledOver), throttles \(outcome.throttles.total), \
  retries \(outcome.retriesAfterThrottle) + \(outcome.retriesAfterError), lost \(outcome.lost.total), \
  peak concurrency \(outcome.peakConcurrency)
  p50 \(outcome.latency.percentile(0.5).map { "\($0)" } ?? "-"), p99 \
  \(outcome.latency.percentile(0.99).map { "\($0)" } ?? "-")
  """)

extension Duration {
  var seconds: Double { Double(components.seconds) + Double(components.attoseconds) * 1e-18 }
}
