import CapacityPlanner
import Foundation
import TestSupport
import Testing

/// A second simulator, `.ci/checks/planner_oracle.py`, which was written from AWS's documents: every request of 200
/// random configurations ends at the same microsecond. `planner.sh` makes the file that `PLANNER_ORACLE` names.
@Suite struct OracleTests {
  private static let file = ProcessInfo.processInfo.environment["PLANNER_ORACLE"]

  struct File: Decodable {
    let configurations: [Comparison]
    let ramps: [Ramp]
  }

  /// A queue full of messages, and when each fiftieth part of them ends.
  struct Ramp: Decodable {
    let messages, most: Int
    let duration: Double
    let ends: [Double]
  }

  private static func read() throws -> File {
    let data = try Data(contentsOf: URL(fileURLWithPath: #require(file)))
    return try JSONDecoder().decode(File.self, from: data)
  }

  struct Comparison: Decodable {
    let `case`: Case
    let result: Result
  }

  struct Case: Decodable {
    let seconds: Int
    let arrivals: [Int64]
    let source: FunctionModel.Source
    let isReserved: Bool
    let ceiling: Int
    let provisioned: Int
    let tracking: [Double]?
    let preparation, metricDelay: Int64
    let durations, services: [Int64]
    let `init`, timeout, lifetime, age, base, longest: Int64
    let attempts: Int
    let endpoint: Endpoint?
  }

  struct Endpoint: Decodable {
    let fleet: Fleet?
    let serverless: Serverless?
    struct Fleet: Decodable { let instances, workers: Int }
    struct Serverless: Decodable { let maximum, provisioned: Int, cold, lifetime: Int64 }
  }

  struct Result: Decodable {
    let rows: [[Value]]
    let billed: Billed
    struct Billed: Decodable, Equatable { let onDemand, provisioned, serverless: Int }
  }

  /// A cell: a number, or whether a request was cold.
  enum Value: Decodable, Equatable {
    case number(Int64), flag(Bool)
    init(from decoder: any Decoder) throws {
      let container = try decoder.singleValueContainer()
      self =
        try (try? container.decode(Bool.self)).map { .flag($0) }
        ?? .number(container.decode(Int64.self))
    }
  }

  @Test(.enabled(if: file != nil, "PLANNER_ORACLE is not set: .ci/checks/planner.sh runs this"))
  func everyRequestEndsAsInTheSecondSimulator() throws {
    let comparisons = try Self.read().configurations
    #expect(comparisons.count >= 200)
    for (number, comparison) in comparisons.enumerated() {
      let one = comparison.case
      var options = Simulation.Options()
      options.recordsRows = true
      let traffic = try Traffic(
        arrivals: one.arrivals.map { .microseconds($0) }, duration: .seconds(one.seconds))
      let outcome = try Simulation(configured(one), options).run(traffic)
      let rows = outcome.rows.map { row -> [Value] in
        [.number(row.arrived), .number(row.latency ?? -1), .flag(row.isCold)]
      }.sorted { Self.isEarlier($0[0], $1[0]) }
      let expected = comparison.result.rows.sorted { Self.isEarlier($0[0], $1[0]) }
      let different = zip(rows, expected).filter { $0 != $1 }
      #expect(
        different.isEmpty && rows.count == expected.count,
        "configuration \(number): \(different.prefix(3)) of \(different.count)")
      let billed = Result.Billed(
        onDemand: outcome.billed.onDemandMilliseconds,
        provisioned: outcome.billed.provisionedMilliseconds,
        serverless: outcome.billed.serverlessMilliseconds
          + outcome.billed.serverlessProvisionedMilliseconds)
      #expect(billed == comparison.result.billed, "configuration \(number)")
    }
  }

  /// The planner lets a mapping grow by the second; the second simulator lets it grow continuously.
  @Test(.enabled(if: file != nil, "PLANNER_ORACLE is not set: .ci/checks/planner.sh runs this"))
  func aQueueIsDrainedWithinTwoSecondsOfTheSecondSimulator() throws {
    for ramp in try Self.read().ramps {
      var model = scenario {
        $0.function.source = .queue
        $0.function.duration = .constant(.seconds(ramp.duration))
        $0.function.timeout = .seconds(900)
        $0.function.queue.batchSize = 1
        if ramp.most < 1250 { $0.function.queue.maximumConcurrency = ramp.most }
      }
      model.account.concurrency = 10_000
      var options = Simulation.Options()
      options.recordsRows = true
      let traffic = try Traffic(
        arrivals: [Duration](repeating: .zero, count: ramp.messages), duration: .seconds(60))
      let outcome = try Simulation(model, options).run(traffic)
      let ends = outcome.rows.compactMap(\.latency).sorted()
      #expect(ends.count == ramp.messages)
      let step = max(1, ramp.messages / 50)
      for (index, end) in ramp.ends.enumerated() {
        let difference = abs(Double(ends[index * step]) / 1e6 - end)
        #expect(
          difference <= 2, "\(ramp.messages) messages, number \(index * step): \(difference) s")
      }
    }
  }

  private static func isEarlier(_ left: Value, _ right: Value) -> Bool {
    if case .number(let left) = left, case .number(let right) = right { return left < right }
    return false
  }

  private func configured(_ one: Case) -> Scenario {
    var function = FunctionModel(
      duration: .sequence(one.durations.map { .microseconds($0) }),
      initDuration: .microseconds(one.`init`), timeout: .microseconds(one.timeout),
      idleLifetime: .microseconds(one.lifetime), source: one.source,
      maximumEventAge: .microseconds(one.age))
    function.clientRetries = ClientRetries(
      attempts: one.attempts, base: .microseconds(one.base), longest: .microseconds(one.longest))
    var settings = ConcurrencySettings(reserved: one.isReserved ? one.ceiling : nil)
    if one.provisioned > 0 {
      settings.provisioned = .fixed(one.provisioned)
      settings.provisioned?.tracking = one.tracking.map {
        TargetTracking(
          minimum: Int($0[0]), maximum: Int($0[1]), target: $0[2],
          scaleOutCooldown: .microseconds(Int64($0[3])),
          scaleInCooldown: .microseconds(Int64($0[4])))
      }
    }
    var assumptions = Assumptions()
    assumptions.metricDelay = .microseconds(one.metricDelay)
    return Scenario(
      function: function,
      account: AccountLimits(
        concurrency: 1000, usedByOthers: one.isReserved ? 0 : 1000 - one.ceiling,
        provisionedPreparation: .microseconds(one.preparation)),
      concurrency: settings, endpoint: one.endpoint.map { endpoint(one, $0) },
      assumptions: assumptions)
  }

  private func endpoint(_ one: Case, _ model: Endpoint) -> EndpointModel {
    let services = DurationModel.sequence(one.services.map { .microseconds($0) })
    if let serverless = model.serverless {
      return EndpointModel(
        kind: .serverless(
          ServerlessModel(
            memoryMegabytes: 2048, maximumConcurrency: serverless.maximum,
            provisioned: serverless.provisioned, coldStart: .microseconds(serverless.cold),
            idleLifetime: .microseconds(serverless.lifetime))), serviceTime: services)
    }
    return EndpointModel(
      serviceTime: services, workersPerInstance: model.fleet?.workers ?? 1,
      routing: .leastOutstanding, instances: model.fleet?.instances ?? 1)
  }
}
