import Foundation
import Prices
import TestSupport
import Testing

@testable import CapacityPlanner

@Suite struct PlanReportTests {
  private let traffic: Traffic
  private let planner: Planner
  private let plan: Plan

  init() throws {
    traffic = try Traffic(
      ratesPerSecond: [1, 8, 1], binWidth: .seconds(300), startUnixSeconds: 1_397_088_240)
    planner = Planner(
      function: FunctionModel(
        duration: .constant(.milliseconds(40)), initDuration: .seconds(2),
        idleLifetime: .seconds(20), source: .synchronous),
      endpoint: EndpointModel(serviceTime: .exponential(mean: .milliseconds(100))),
      serviceLevel: ServiceLevel(latency: .seconds(1)), prices: try PriceList.usEast1())
    plan = try planner.plan(for: traffic)
  }

  private func page(_ title: String = "f & <g>") throws -> String {
    var report = PlanReport(
      title: title, plan: plan,
      outcomes: try (1...3).map { seed in
        try planner.outcome(
          of: plan.nearest, traffic: traffic, pointLength: .seconds(60), seed: seed)
      },
      traffic: traffic, steps: PlanSteps(plan.nearest.scenario, startUnixSeconds: 0),
      inputs: [("Traffic", "a \"trace\"")], prices: planner.prices)
    let present = plan.alternatives[plan.alternatives.count - 1]
    report.present = (
      present, try planner.outcome(of: present, traffic: traffic, pointLength: .seconds(60))
    )
    report.whatIfs = [("reserved=<1>", plan.alternatives[0])]
    report.grade = [GradeRow(name: "Concurrency", simulated: "3", measured: "4", error: "-25 %")]
    report.warnings = ["Less than a day & a night."]
    return report.html
  }

  @Test func thePageNeedsNothingFromOutsideAndNoScript() throws {
    let page = try page()
    for outside in ["http:", "https:", "<script", "@import", "<link rel=\"stylesheet", "url("] {
      #expect(!page.contains(outside), "\(outside)")
    }
    #expect(page.contains("prefers-color-scheme:dark"))
    #expect(page.contains("default-src 'none'"))
  }

  @Test func thePageIsWellFormedAndShowsEveryPlot() throws {
    let page = try page()
    #expect(page.contains("<title>f &amp; &lt;g&gt;</title>"))
    for title in [
      "Arrivals", "Concurrency", "Endpoint", "Latency", "Cost against p99",
      "Cold starts and refused",
    ] {
      #expect(page.contains("<h3>\(title)"), "\(title)")
    }
    #expect(page.contains("<dd>a &quot;trace&quot;</dd>"))
    #expect(page.contains("what if reserved=&lt;1&gt;"))
    #expect(page.contains("Less than a day &amp; a night."))
    #expect(page.contains("What you have, and what it would save"))
    #expect(page.contains("class=\"band c2\""))
    #expect(!page.contains("nan") && !page.contains("inf\""))
    for tag in ["svg", "figure", "section", "table", "div", "text", "title"] {
      let opened =
        page.components(separatedBy: "<\(tag)>").count
        + page.components(
          separatedBy: "<\(tag) "
        ).count - 2
      #expect(opened == page.components(separatedBy: "</\(tag)>").count - 1, "\(tag)")
    }
  }

  @Test func aSettingWithoutALatencyIsNotDrawnAtOne() throws {
    var report = PlanReport(
      title: "", plan: plan, outcomes: [try planner.outcome(of: plan.nearest, traffic: traffic)],
      traffic: traffic, steps: PlanSteps(plan.nearest.scenario, startUnixSeconds: 0), inputs: [],
      prices: planner.prices)
    let scenario = planner.scenario(ConcurrencySettings(reserved: 1), planner.endpoint)
    let present = try planner.alternative(scenario, traffic: traffic)
    #expect(present.promisedLatency == nil)
    report.present = (present, try planner.outcome(of: present, traffic: traffic))
    #expect(report.costPlot.points.allSatisfy { $0.label != "in place" })
    #expect(report.html.contains("so does the setting in place, which is not shown"))
    report.present = (plan.nearest, report.outcome)
    #expect(report.costPlot.points.contains { $0.label == "in place" })
  }

  @Test func theSamePlanGivesTheSamePage() throws {
    #expect(try page() == page())
  }

  @Test func highlightsHoldTheRecommendedAndNoTwoEqual() {
    let highlights = plan.highlights
    #expect(highlights.contains(plan.nearest))
    #expect(Set(highlights.map(\.scenario)).count == highlights.count)
    // What meets the objective comes first, each half cheapest first.
    let kept = highlights.prefix(while: \.meetsServiceLevel)
    let missed = highlights.dropFirst(kept.count)
    #expect(missed.allSatisfy { !$0.meetsServiceLevel })
    for half in [Array(kept), Array(missed)] {
      #expect(
        zip(half, half.dropFirst()).allSatisfy {
          $0.monthlyCost.total <= $1.monthlyCost.total + 1e-6
        })
    }
  }

  @Test(arguments: [
    (14 * 86_400, 1000.0, 7200), (86_400, 1000, 600), (600, 1000, 5), (10_800, 0.5, 300),
  ])
  func pointsOfThePlotsHaveRoundLengths(seconds: Int, rate: Double, length: Int) throws {
    let traffic = try Traffic(ratesPerSecond: [rate], binWidth: .seconds(seconds))
    #expect(PlanReport.pointLength(traffic) == .seconds(length))
  }
}

@Suite struct PlanStepsTests {
  /// The steps of one scenario.
  private func steps(
    _ concurrency: ConcurrencySettings, endpoint: EndpointModel? = nil, start: Double? = nil,
    names: PlanSteps.Names = .init(function: "f", endpoint: "e")
  ) -> PlanSteps {
    PlanSteps(
      Scenario(function: FunctionModel(), concurrency: concurrency, endpoint: endpoint),
      names: names, startUnixSeconds: start)
  }

  @Test func eachKindOfSettingHasItsCommand() {
    #expect(
      steps(ConcurrencySettings()).commands == [
        "inferencectl concurrency unreserve --function-name f",
        "inferencectl concurrency deprovision --function-name f --qualifier live",
      ])
    #expect(
      steps(ConcurrencySettings(reserved: 8)).commands[0]
        == "inferencectl concurrency reserve 8 --function-name f")
    #expect(
      steps(ConcurrencySettings(provisioned: .fixed(3))).commands[1]
        == "inferencectl concurrency provision 3 --function-name f --qualifier live")
    let tracking = TargetTracking(minimum: 1, maximum: 9, target: 0.7)
    #expect(
      steps(ConcurrencySettings(provisioned: .autoscaled(tracking))).commands[1]
        == "inferencectl concurrency autoscale --function-name f --qualifier live --min 1 --max 9 --target 0.7"
    )
  }

  @Test func aScheduleIsWrittenAsCronOfItsTimeZone() {
    var hours = [Int](repeating: 1, count: 24)
    hours[8] = 5
    var amounts = Dictionary(
      uniqueKeysWithValues: (1...7).map { ($0, [Int](repeating: 1, count: 24)) })
    for day in 2...6 { amounts[day] = hours }
    let clock = ClockSchedule(amounts, timeZoneIdentifier: "Europe/Berlin")
    var provisioned = ProvisionedConcurrency(
      initial: 1, schedule: [ScheduledAction(at: .seconds(60), minimum: 5, maximum: 5)])
    provisioned.clock = clock
    let steps = self.steps(ConcurrencySettings(provisioned: provisioned), start: 1_397_088_240)
    // Up ten minutes before the busy hour, down at its end, on working days.
    #expect(
      steps.commands[1] == """
        inferencectl concurrency autoscale --function-name f --qualifier live --min 1 --max 5 --timezone Europe/Berlin \\
          --schedule 'cron(50 7 ? * MON-FRI *) 5-5' \\
          --schedule 'cron(0 9 ? * MON-FRI *) 1-1'
        """)
  }

  @Test func aBusyMidnightIsPreparedTheDayBefore() {
    var amounts = Dictionary(
      uniqueKeysWithValues: (1...7).map { ($0, [Int](repeating: 1, count: 24)) })
    amounts[7] = [9] + [Int](repeating: 1, count: 23)
    let clock = ClockSchedule(amounts, timeZoneIdentifier: "UTC")
    #expect(clock.entries.map(\.expression) == ["cron(0 1 ? * SAT *)", "cron(50 23 ? * FRI *)"])
  }

  @Test func endpointsAreSetByHandOrScaled() {
    var endpoint = EndpointModel(serviceTime: .constant(.milliseconds(1)), instances: 3)
    #expect(
      steps(ConcurrencySettings(), endpoint: endpoint).commands.suffix(2) == [
        "inferencectl endpoint autoscale off --endpoint-name e",
        "inferencectl endpoint capacity 3 --endpoint-name e",
      ])
    endpoint.tracking = TargetTracking(
      minimum: 1, maximum: 4, target: 600, scaleOutCooldown: .seconds(30),
      scaleInCooldown: .seconds(300))
    #expect(
      steps(ConcurrencySettings(), endpoint: endpoint).commands.last
        == "inferencectl endpoint autoscale --endpoint-name e --min 1 --max 4 --invocations-per-instance 600 --scale-in-cooldown 300 --scale-out-cooldown 30"
    )
  }

  @Test func parametersAreThoseOfTheTemplate() throws {
    let template = try String(
      contentsOf: Repository.root.appendingPathComponent("template.yaml"), encoding: .utf8)
    let tracking = TargetTracking(minimum: 1, maximum: 9, target: 0.7)
    let steps = self.steps(
      ConcurrencySettings(provisioned: .autoscaled(tracking)),
      endpoint: EndpointModel(
        serviceTime: .constant(.milliseconds(1)),
        tracking: TargetTracking(minimum: 1, maximum: 4, target: 600)))
    #expect(steps.parameters.count == 15)
    for parameter in steps.parameters {
      #expect(template.contains("\n  \(parameter.name):\n    Type:"), "\(parameter.name)")
    }
    #expect(
      steps.parameterOverrides.hasPrefix(
        "ReservedConcurrency=\"\" ProvisionedConcurrency=1 ProvisionedConcurrencyMaximum=9 "))
  }

  @Test func otherKindsOfEndpointsAreDescribed() {
    let serverless = EndpointModel(
      kind: .serverless(
        ServerlessModel(memoryMegabytes: 2048, maximumConcurrency: 5, provisioned: 1)),
      serviceTime: .constant(.seconds(1)))
    let steps = self.steps(ConcurrencySettings(), endpoint: serverless)
    #expect(steps.commands.count == 2)
    #expect(
      steps.notes.contains {
        $0.contains("{MemorySizeInMB: 2048, MaxConcurrency: 5, ProvisionedConcurrency: 1}")
      })
    var asynchronous = EndpointModel(
      kind: .asynchronous, serviceTime: .constant(.seconds(1)), instances: 0)
    asynchronous.tracking = TargetTracking(minimum: 0, maximum: 2, target: 5)
    #expect(
      self.steps(ConcurrencySettings(), endpoint: asynchronous).notes.contains {
        $0.contains("HasBacklogWithoutCapacity")
      })
  }

  @Test func namesAreQuotedForAShell() {
    let odd = steps(
      ConcurrencySettings(reserved: 1), names: .init(function: "it's; odd", endpoint: "e"))
    #expect(
      odd.commands[0]
        == #"inferencectl concurrency reserve 1 --function-name 'it'\''s; odd'"#)
  }
}
