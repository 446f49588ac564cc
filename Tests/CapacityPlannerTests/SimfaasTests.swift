import CapacityPlanner
import Foundation
import TestSupport
import Testing

/// The on-demand pool against simfaas, another simulator of it, and against its figures for a trace of our own and a
/// public one: requests of 0.4 s that take 1 s longer when they start cold.
@Suite struct SimfaasTests {
  private static let ownTrace = Repository.root.appendingPathComponent(
    "Tests/CapacityPlannerTests/Traces/arrivals.csv")
  private static let publicTrace = Repository.shared.appendingPathComponent(
    "traces/AzureLLMInferenceTrace_conv.csv")
  private static let environment = ProcessInfo.processInfo.environment

  private func coldStarts(_ arrivals: [Duration], idleSeconds: Double) throws -> Outcome {
    let model = scenario {
      $0.function.duration = .constant(.milliseconds(400))
      $0.function.initDuration = .seconds(1)
      $0.function.idleLifetime = .seconds(idleSeconds)
    }
    return try Simulation(model).run(try Traffic(arrivals: arrivals))
  }

  @Test(arguments: [(60, 41), (300, 14), (600, 6)])
  func aTraceOfOurOwnHasTheColdStartsOfSimfaas(idleSeconds: Double, cold: Int) throws {
    let arrivals = try Self.arrivals(of: Self.ownTrace)
    #expect(arrivals.count == 1_500)
    #expect(try coldStarts(arrivals, idleSeconds: idleSeconds).coldStarts == cold)
  }

  /// The first column of a trace, from its first moment on.
  private static func arrivals(of trace: URL) throws -> [Duration] {
    let lines = try String(contentsOf: trace, encoding: .utf8).split(whereSeparator: \.isNewline)
    // "2023-11-16 18:15:46.6805900,…": all on one day.
    let moments = try lines.dropFirst().map { line -> Duration in
      let clock = try #require(line.split(separator: ",").first?.split(separator: " ").last)
      let parts = clock.split(separator: ":").compactMap { Double($0) }
      return .microseconds(Int64((parts[0] * 3600 + parts[1] * 60 + parts[2]) * 1e6))
    }
    let first = try #require(moments.min())
    return moments.map { $0 - first }
  }

  @Test(
    .enabled(
      if: Repository.exists(publicTrace) || environment["REQUIRE_SHARED"] != nil,
      "../shared/traces/AzureLLMInferenceTrace_conv.csv is not there"),
    arguments: [(60, 51), (300, 18), (600, 13)])
  func anHourOfAPublicTraceHasTheColdStartsOfSimfaas(idleSeconds: Double, cold: Int) throws {
    let arrivals = try Self.arrivals(of: Self.publicTrace)
    #expect(arrivals.count == 19_366)
    #expect(try coldStarts(arrivals, idleSeconds: idleSeconds).coldStarts == cold)
  }

  private struct Case: Decodable {
    var idleSeconds: Double
    var arrivals: [Double]
    var cold: Int
    var warm: Int
  }

  @Test(
    .enabled(
      if: environment["SIMFAAS_RESULTS"] != nil || environment["REQUIRE_ORACLES"] != nil,
      "SIMFAAS_RESULTS is not set: .ci/checks/planner.sh runs simfaas and sets it"))
  func coldStartsAreThoseOfSimfaasOnTheSameArrivals() throws {
    let path = try #require(Self.environment["SIMFAAS_RESULTS"])
    let cases = try JSONDecoder().decode(
      [Case].self, from: Data(contentsOf: URL(fileURLWithPath: path)))
    #expect(cases.count >= 4)
    for simfaas in cases {
      let arrivals = simfaas.arrivals.map { Duration.microseconds(Int64(($0 * 1e6).rounded())) }
      let outcome = try coldStarts(arrivals, idleSeconds: simfaas.idleSeconds)
      #expect(outcome.coldStarts == simfaas.cold)
      #expect(outcome.invocations - outcome.coldStarts == simfaas.warm)
    }
  }
}
