import Foundation
import OperationsSupport
import TestSupport
import Testing

@testable import Versioning

/// Lambda, its alias, CloudWatch and two operators as a seeded state machine: after any conflict,
/// lost answer, late read, outage, kill or signal, traffic is on a version that was judged good, or
/// the tool says plainly that it is not.
///
/// `MODEL_SEEDS=10000 swift test --filter DeploymentModelTests` runs more seeds than the 500 of every
/// run (.ci/nightly/long-deployment-model.sh).
@Suite struct DeploymentModelTests {
  private static let seeds =
    ProcessInfo.processInfo.environment["MODEL_SEEDS"].flatMap { UInt64($0) } ?? 500

  @Test func trafficEndsOnAVersionThatWasJudgedGoodOrTheToolSaysSo() throws {
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
