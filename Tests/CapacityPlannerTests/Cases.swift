import CapacityPlanner

/// A synchronous function of 100 ms without cold-start time, in an account large enough not to matter, changed by
/// each case in what it is about.
func scenario(_ change: (inout Scenario) -> Void = { _ in }) -> Scenario {
  var scenario = Scenario(
    function: FunctionModel(
      duration: .constant(.milliseconds(100)), initDuration: .zero, source: .synchronous),
    account: AccountLimits(concurrency: 10_000), assumptions: .immediate)
  change(&scenario)
  return scenario
}

/// Runs a scenario on exact arrival times, seconds.
func run(
  _ scenario: Scenario, at seconds: [Double], lasting duration: Duration? = nil, seed: UInt64 = 1,
  seriesPoints: Int = 1
) throws -> Outcome {
  let traffic = try Traffic(arrivals: seconds.map { .seconds($0) }, duration: duration)
  return try Simulation(scenario, seed: seed, seriesPoints: seriesPoints).run(traffic)
}

/// Arrivals per second, evenly spaced, from `start` on for `length` seconds.
func evenly(_ perSecond: Int, from start: Double, for length: Int) -> [Double] {
  (0..<perSecond * length).map { start + Double($0) / Double(perSecond) }
}

extension Outcome {
  /// Every arrival ended exactly once.
  var isConserved: Bool {
    arrivals == completed + throttled + failed + lost.total && latency.count == completed
  }
}
