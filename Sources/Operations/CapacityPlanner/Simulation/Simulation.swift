/// Runs a ``Scenario`` against a ``Traffic``.
package struct Simulation: Sendable {
  package let scenario: Scenario
  package let options: Options

  /// How a run is made and what it records.
  package struct Options: Sendable {
    /// Decides every random draw: the same seed, scenario and traffic give the same outcome. Arrivals depend on the
    /// seed and the traffic only, so scenarios are compared on the same arrivals.
    package var seed: UInt64 = 1
    /// Points of the series, at most; one more for what ends after the traffic.
    package var seriesPoints = 600
    /// Length of the series' points; nil divides the traffic by `seriesPoints`.
    package var pointLength: Duration?
    /// How much of the traffic's beginning runs once before it, uncounted: pools and alarms are then as they would be
    /// in the middle of such traffic.
    package var leadIn = Duration.zero
    /// A request that takes longer is counted as late in its hour.
    package var limit: Duration?
    /// From the full hour of the clock to the traffic's start.
    package var sinceFullHour = Duration.zero
    /// Latencies of what arrives in this range are kept by themselves.
    package var focus: Range<Duration>?
    /// Keeps every request's end; for comparisons.
    package var recordsRows = false

    package init() {}
  }

  /// - Throws: ``ScenarioError`` when AWS would refuse the scenario.
  package init(_ scenario: Scenario, _ options: Options) throws(ScenarioError) {
    let problems = scenario.problems
    guard problems.isEmpty else { throw ScenarioError(problems: problems) }
    self.scenario = scenario
    self.options = options
  }

  /// - Throws: ``ScenarioError`` when AWS would refuse the scenario.
  package init(
    _ scenario: Scenario, seed: UInt64 = 1, seriesPoints: Int = 600
  ) throws(ScenarioError) {
    var options = Options()
    options.seed = seed
    options.seriesPoints = max(1, seriesPoints)
    try self.init(scenario, options)
  }

  /// Simulates until every arrival has ended: completed, throttled, failed or lost.
  ///
  /// Memory grows with the number of environments, instances and waiting events, not with the number of arrivals.
  package func run(_ traffic: Traffic) -> Outcome {
    var simulator = Simulator(scenario, traffic, options)
    return simulator.run()
  }

  /// A lead-in that fills pools and alarms: twice the idle lifetime, at least the 17 minutes that an alarm looks back
  /// and some more, at most the whole traffic.
  package static func leadIn(_ function: FunctionModel, _ traffic: Traffic) -> Duration {
    min(traffic.duration, max(.seconds(1800), function.idleLifetime * 2))
  }
}
