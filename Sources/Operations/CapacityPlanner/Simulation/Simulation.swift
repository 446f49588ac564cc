/// Runs a ``Scenario`` against a ``Traffic``.
package struct Simulation: Sendable {
  /// What is simulated.
  package let scenario: Scenario
  /// Decides every random draw: the same seed, scenario and traffic give the same outcome. Arrivals depend on the seed
  /// and the traffic only, so that scenarios are compared on the same arrivals.
  package let seed: UInt64
  /// Points of the series, at most; one more for what ends after the traffic.
  package let seriesPoints: Int

  /// - Throws: ``ScenarioError`` when AWS would refuse the scenario.
  package init(_ scenario: Scenario, seed: UInt64 = 1, seriesPoints: Int = 600)
    throws(ScenarioError)
  {
    let problems = scenario.problems
    guard problems.isEmpty else { throw ScenarioError(problems: problems) }
    self.scenario = scenario
    self.seed = seed
    self.seriesPoints = max(1, seriesPoints)
  }

  /// Simulates until every arrival has ended: completed, throttled, failed or lost.
  ///
  /// Memory grows with the number of environments, instances and events that wait for a retry, not with the number
  /// of arrivals.
  package func run(_ traffic: Traffic) -> Outcome {
    var simulator = Simulator(scenario, traffic, seed: seed, seriesPoints: seriesPoints)
    return simulator.run()
  }
}
