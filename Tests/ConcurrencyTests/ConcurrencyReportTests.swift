import AWSControl
import CapacityPlanner
import Concurrency
import JSON
import Prices
import TestSupport
import Testing

@Suite struct ConcurrencyReportTests {
  private typealias Fixture = FunctionFixture

  /// The clock of the fixtures is at 1,700,000,000 s.
  private func metrics(lastUse: Int) -> ScriptedServer.Answer {
    .init(
      200,
      body: """
        {"MetricDataResults":[
        {"Id":"concurrency","Timestamps":[\(lastUse)],"Values":[12]},
        {"Id":"throttles","Timestamps":[\(lastUse),\(lastUse - 60)],"Values":[1,2]},
        {"Id":"u0","Timestamps":[\(lastUse - 60),\(lastUse)],"Values":[0.4,0.9]},
        {"Id":"s0","Timestamps":[\(lastUse)],"Values":[3]}]}
        """)
  }

  private let scaled: Routes = [
    FunctionFixture.listProvisioned: [
      FunctionFixture.list(FunctionFixture.provisioned(5, "READY"))
    ],
    "DescribeScalableTargets": [FunctionFixture.scaled(1, 10)],
  ]

  private func read(_ routes: Routes) throws -> ConcurrencyReport {
    try FunctionFixture.asking(routes) {
      try ConcurrencyReport.read(
        functionName: "f", prices: ProvisionedPrices(PriceList.usEast1()), with: $0)
    }
  }

  @Test func reportHasLimitsStatesUseAndCost() throws {
    let report = try read(
      scaled.merging(["GetMetricData": [metrics(lastUse: 1_699_999_900)]]) { $1 })
    #expect(report.accountLimit == 1000)
    #expect(report.reservable == 800)
    #expect(report.reserved == nil)
    #expect(report.peakConcurrency == 12)
    #expect(report.throttles == 3)
    let live = try #require(report.qualifiers.first)
    #expect((live.name, live.version) == ("live", "7"))
    #expect(live.provisioned?.available == 5)
    #expect(live.scaling?.target.maximumCapacity == 10)
    #expect(live.peakUtilization == 0.9)
    #expect(live.spilloverInvocations == 3)
    #expect(live.isInUse == true)
    #expect(ProvisionedPrices.text(report.costPerMonth) == "$43.80")
    #expect(report.notes.isEmpty)
  }

  @Test func idleAliasAboveItsMinimumIsReported() throws {
    let old = metrics(lastUse: 1_699_998_000)
    for answer in [old, .init(200, body: #"{"MetricDataResults":[]}"#)] {
      let report = try read(scaled.merging(["GetMetricData": [answer]]) { $1 })
      #expect(report.qualifiers[0].isInUse == false)
      #expect(report.notes.first?.contains("does not scale in from 5 to 1") == true)
    }
  }

  @Test func metricsThatMayNotBeReadAreANoteAndNoVerdict() throws {
    let report = try read(
      scaled.merging([
        "GetMetricData": [.init(400, body: ##"{"__type":"AccessDenied","Message":"no"}"##)]
      ]) { $1 })
    #expect(report.qualifiers[0].isInUse == nil)
    #expect(report.notes.count == 1)
    #expect(report.notes[0].contains("cloudwatch:GetMetricData"))
  }

  @Test func failureAndANewAccountAreReported() throws {
    let report = try read([
      Fixture.getAccount: [Fixture.account(10, unreserved: 10)],
      Fixture.getReserved: [Fixture.reserved(0)],
      Fixture.listProvisioned: [
        Fixture.list(
          Fixture.provisioned(5, "FAILED", reason: "INSUFFICIENT_CAPACITY", qualifier: "7"))
      ],
    ])
    #expect(report.notes.contains { $0.contains("INSUFFICIENT_CAPACITY") })
    #expect(report.notes.contains { $0.contains("every invocation is throttled") })
    #expect(report.notes.contains { $0.contains("quota is 10") })
  }

  @Test func scaledAliasWithoutProvisionedConcurrencyIsShown() throws {
    let report = try read(["DescribeScalableTargets": [FunctionFixture.scaled(0, 10)]])
    #expect(report.qualifiers.map(\.name) == ["live"])
    #expect(report.qualifiers[0].provisioned == nil)
    #expect(report.costPerMonth == 0)
  }

  @Test func functionWithoutAliasesAsksNothingAboutScaling() throws {
    let fixture = try FunctionFixture([
      FunctionFixture.listAliases: [.init(200, body: #"{"Aliases":[]}"#)]
    ])
    let report = try ConcurrencyReport.read(
      functionName: "f", prices: ProvisionedPrices(PriceList.usEast1()), with: fixture.client)
    #expect(report.qualifiers.isEmpty)
    #expect(!fixture.server.calls.contains("DescribeScalableTargets"))
  }
}
