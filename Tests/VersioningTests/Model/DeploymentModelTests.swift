import Foundation
import OperationsSupport
import TestSupport
import Testing

@testable import Versioning

/// Lambda, its alias, CloudWatch and two operators as a seeded state machine: after any conflict,
/// lost answer, late read, outage, kill or signal, traffic is on a version that was judged good, or
/// the tool states plainly that it is not.
///
/// `MODEL_SEEDS=10000 swift test --filter DeploymentModelTests` runs more seeds than the 500 of every
/// run (.ci/nightly/long-deployment-model.sh).
///
/// Faults of earlier programs, each put back by hand once and found within 500 seeds:
///
/// | fault | changed in | seeds that find it |
/// | --- | --- | --- |
/// | a second rollback goes back and forth | AliasRollback | 34 |
/// | a rollback does not compare the recorded move with the alias | AliasRollback | 18 |
/// | a rollback during a canary goes to the version before the old one | AliasRollback | 19 |
/// | the automatic rollback does not wait for throttling and outages | WayBack | 6 |
/// | a rollback that failed suggests the same command | WayBack | 12 |
/// | the complaint of a rollback that failed is lost | WayBack | 1 |
/// | provisioned concurrency is not restored | WayBack | 21 |
/// | its number is not recorded before it is removed, and lost by a kill | AliasProvisioning | 5 |
/// | the next run does not restore what a killed one removed | Live | 1 |
/// | code that failed is not marked | WayBack | 24 |
/// | a signal, or an error, leaves the share unwatched | WayBack | 5 |
/// | an outage of the metrics ends the watch | Watch | 4 |
/// | a step passes without metrics | Watch | 14 |
/// | the watch does not read the alias | TrafficRollout | 51 |
/// | a share is not watched when it resumes | TrafficPlan | 11 |
/// | an interrupted bake is skipped by the second run | Deployment | 15 |
/// | a version that is not proven is not marked | TrafficRollout | 13 |
/// | the state is what the process remembers, not what AWS reports | WayBack | 7 |
/// | the old version is deprovisioned after someone rolled back to it | ProvisionedHandover | 2 of 10,000 |
///
/// Signals and closed pipes need a process: `RecordedSessionTests.hangUp`, .ci/checks/operations-lambda.sh. What
/// a verdict gets wrong is found by `JudgeTests` and `SequentialTestTests`.
@Suite struct DeploymentModelTests {
  private static let seeds =
    ProcessInfo.processInfo.environment["MODEL_SEEDS"].flatMap { UInt64($0) } ?? 500

  @Test func trafficEndsOnAVersionThatWasJudgedGoodOrTheToolStatesThatItDidNot() throws {
    let client = try ControlFixture(url: "http://127.0.0.1:9").client
    var problems: [String] = []
    var facts: Set<Fact> = []
    for seed in 0..<Self.seeds {
      var run = DeploymentRun(seed: seed, client: client)
      problems += run.problems()
      facts.formUnion(run.model.facts)
    }
    #expect(
      problems.isEmpty, "\(problems.count): \(problems.prefix(5).joined(separator: "\n"))")
    #expect(
      Set(Fact.allCases).subtracting(facts).map(\.rawValue) == [], "facts that no seed met")
  }
}
