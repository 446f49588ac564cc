import AWSControl
import CapacityPlanner
import Concurrency
import JSON
import Prices
import TestSupport
import Testing

@Suite struct ProvisionedAutoscalingTests {
  private typealias Fixture = FunctionFixture

  private let scaled: Routes = [
    "DescribeScalableTargets": [FunctionFixture.scaled(1, 4)],
    "DescribeScalingPolicies": [
      .init(
        200,
        body: """
          {"ScalingPolicies":[{"PolicyName":"theirs","PolicyType":"TargetTrackingScaling",
          "TargetTrackingScalingPolicyConfiguration":{"TargetValue":0.7,"DisableScaleIn":false,
          "PredefinedMetricSpecification":{"PredefinedMetricType":"LambdaProvisionedConcurrencyUtilization"}}}]}
          """)
    ],
    "DescribeScheduledActions": [
      .init(
        200,
        body: """
          {"ScheduledActions":[
          {"ScheduledActionName":"inferencectl-schedule-1","Schedule":"cron(0 20 * * ? *)","Timezone":"Europe/Berlin",
          "ScalableTargetAction":{"MinCapacity":0,"MaxCapacity":1}},
          {"ScheduledActionName":"inferencectl-schedule-2","Schedule":"cron(0 6 * * ? *)",
          "ScalableTargetAction":{"MinCapacity":1,"MaxCapacity":4}},
          {"ScheduledActionName":"somebody's","Schedule":"rate(1 day)","ScalableTargetAction":{"MinCapacity":1}}]}
          """)
    ],
  ]

  private func settings(
    _ minimum: Int = 1, _ maximum: Int = 4, schedules: [ScheduledBounds]? = nil
  ) throws -> ProvisionedAutoscaling.Settings {
    try .init(
      functionName: "f", qualifier: "live", minimum: minimum, maximum: maximum,
      schedules: schedules)
  }

  private let evening = Result {
    try ScheduledBounds(
      schedule: "cron(0 20 * * ? *)", timezone: "Europe/Berlin", minimum: 0, maximum: 1)
  }

  private func apply(
    _ settings: ProvisionedAutoscaling.Settings, _ fixture: FunctionFixture
  ) throws -> ScalingChange.Outcome {
    try ProvisionedAutoscaling.apply(
      ProvisionedAutoscaling.plan(
        settings, prices: ProvisionedPrices(PriceList.usEast1()), with: fixture.client),
      with: fixture.client)
  }

  @Test func registersThenPutsPolicyAndSchedules() throws {
    let fixture = try FunctionFixture()
    let outcome = try apply(settings(schedules: [evening.get(), evening.get()]), fixture)
    #expect(
      fixture.writes == [
        "RegisterScalableTarget", "PutScalingPolicy", "PutScheduledAction", "PutScheduledAction",
      ])
    #expect(outcome.changeCount == 4)
    let policy = try JSONValue(parsing: fixture.server.bodies("PutScalingPolicy")[0])
    #expect(policy["ResourceId"] == "function:f:live")
    #expect(policy["PolicyName"] == "inferencectl-target-tracking")
    let actions = try fixture.server.bodies("PutScheduledAction").map { try JSONValue(parsing: $0) }
    #expect(
      actions.map { $0["ScheduledActionName"]?.stringValue } == [
        "inferencectl-schedule-1", "inferencectl-schedule-2",
      ])
    #expect(actions[0]["Timezone"] == "Europe/Berlin")
    #expect(actions[0]["ScalableTargetAction"]?["MaxCapacity"] == 1)
  }

  @Test func resourceIsNamedByTheNameAlsoWhenTheFunctionIsGivenAsAnARN() throws {
    let fixture = try FunctionFixture()
    _ = try ProvisionedAutoscaling.end(
      ofFunction: "arn:aws:lambda:us-east-1:1:function:f", qualifier: "live", with: fixture.client)
    #expect(fixture.server.bodies("DescribeScalableTargets")[0].contains(#""function:f:live""#))
  }

  @Test func whatIsSoAlreadyIsNotWrittenAndAPolicyOfAnotherNameIsKept() throws {
    let fixture = try FunctionFixture(scaled)
    let outcome = try apply(settings(), fixture)
    #expect(outcome.changeCount == 0)
    #expect(outcome.policyName == "theirs")
    #expect(fixture.writes.isEmpty)
  }

  @Test func schedulesReplaceOnlyThoseOfAnEarlierRun() throws {
    let fixture = try FunctionFixture(scaled)
    let outcome = try apply(settings(schedules: [evening.get()]), fixture)
    #expect(outcome.deletedSchedules == ["inferencectl-schedule-2"])
    #expect(fixture.writes == ["DeleteScheduledAction"])
  }

  @Test func boundsThatChangedAreRegisteredAnew() throws {
    let fixture = try FunctionFixture(scaled)
    #expect(try apply(settings(2, 4), fixture).changeCount == 1)
    #expect(fixture.writes == ["RegisterScalableTarget"])
  }

  @Test func onlyWhatIsGivenChanges() throws {
    let fixture = try FunctionFixture(
      scaled.merging([
        "DescribeScalingPolicies": [
          .init(
            200,
            body: """
              {"ScalingPolicies":[{"PolicyName":"theirs","PolicyType":"TargetTrackingScaling",
              "TargetTrackingScalingPolicyConfiguration":{"TargetValue":0.5,"DisableScaleIn":true,"ScaleInCooldown":900,
              "PredefinedMetricSpecification":{"PredefinedMetricType":"LambdaProvisionedConcurrencyUtilization",
              "ResourceLabel":"kept"}}}]}
              """)
        ]
      ]) { $1 })
    let higher = try ProvisionedAutoscaling.Settings(
      functionName: "f", qualifier: "live", maximum: 8)
    let outcome = try apply(higher, fixture)
    #expect(outcome.differences.map(\.text) == ["maximum 4 → 8"])
    #expect(fixture.writes == ["RegisterScalableTarget"])
    let registration = try JSONValue(parsing: fixture.server.bodies("RegisterScalableTarget")[0])
    #expect(registration["MinCapacity"] == nil)
    #expect(registration["MaxCapacity"] == 8)
    let target = try ProvisionedAutoscaling.Settings(
      functionName: "f", qualifier: "live", targetUtilization: 0.6)
    #expect(try apply(target, fixture).differences.map(\.text) == ["target 0.5 → 0.6"])
    let policy = try JSONValue(parsing: fixture.server.bodies("PutScalingPolicy")[0])
    #expect(policy["PolicyName"] == "theirs")
    let configuration = policy["TargetTrackingScalingPolicyConfiguration"]
    #expect(configuration?["TargetValue"]?.doubleValue == 0.6)
    #expect(configuration?["DisableScaleIn"] == true)
    #expect(configuration?["ScaleInCooldown"] == 900)
    #expect(configuration?["PredefinedMetricSpecification"]?["ResourceLabel"] == "kept")
  }

  @Test func boundsAreRequiredOnlyForWhatIsNotScaledYet() throws {
    let maximum = try ProvisionedAutoscaling.Settings(
      functionName: "f", qualifier: "live", maximum: 8)
    #expect(throws: Refusal.self) { try apply(maximum, FunctionFixture()) }
    let low = try ProvisionedAutoscaling.Settings(
      functionName: "f", qualifier: "live", maximum: 0)
    #expect(throws: Refusal.self) { try apply(low, FunctionFixture(scaled)) }
  }

  @Test func schedulesWithoutAPolicyGetNone() throws {
    let fixture = try FunctionFixture(
      scaled.merging(["DescribeScalingPolicies": [.init(200, body: "{}")]]) { $1 })
    let maximum = try ProvisionedAutoscaling.Settings(
      functionName: "f", qualifier: "live", maximum: 8)
    #expect(try apply(maximum, fixture).tracking == nil)
    #expect(fixture.writes == ["RegisterScalableTarget"])
  }

  @Test func suspensionKeepsTheOtherPartsAndResumes() throws {
    let half = ScriptedServer.Answer(
      200,
      body: """
        {"ScalableTargets":[{"ResourceId":"function:f:live","MinCapacity":1,"MaxCapacity":4,
        "SuspendedState":{"ScheduledScalingSuspended":true}}]}
        """)
    func set(_ parts: [ScalingSuspension], _ isSuspended: Bool) throws -> JSONValue? {
      let fixture = try FunctionFixture(["DescribeScalableTargets": [half]])
      let result = try ProvisionedAutoscaling.suspend(
        parts, isSuspended: isSuspended, ofFunction: "f", qualifier: "live", with: fixture.client)
      #expect(result.changed == !fixture.writes.isEmpty)
      return try fixture.server.bodies("RegisterScalableTarget").first.map {
        try JSONValue(parsing: $0)
      }
    }
    let suspended = try set([.scaleIn], true)
    #expect(suspended?["MinCapacity"] == nil)
    #expect(suspended?["SuspendedState"]?["DynamicScalingInSuspended"] == true)
    #expect(suspended?["SuspendedState"]?["DynamicScalingOutSuspended"] == false)
    #expect(suspended?["SuspendedState"]?["ScheduledScalingSuspended"] == true)
    #expect(
      try set(ScalingSuspension.allCases, false)?["SuspendedState"]?["ScheduledScalingSuspended"]
        == false)
    #expect(try set([.schedules], true) == nil)
    #expect(throws: Refusal.self) {
      let fixture = try FunctionFixture()
      _ = try ProvisionedAutoscaling.suspend(
        [.scaleIn], isSuspended: true, ofFunction: "f", qualifier: "live", with: fixture.client)
    }
  }

  @Test func handoverCopiesBoundsPolicySchedulesAndSuspension() throws {
    let suspended = ScriptedServer.Answer(
      200,
      body: """
        {"ScalableTargets":[{"ResourceId":"function:f:7","MinCapacity":1,"MaxCapacity":4,
        "SuspendedState":{"DynamicScalingInSuspended":true}}]}
        """)
    let fixture = try FunctionFixture(
      scaled.merging(["DescribeScalableTargets": [suspended]]) { $1 })
    let handover = try #require(
      try AutoscalingHandover.read(functionName: "f", qualifier: "7", with: fixture.client))
    #expect(handover.bounds.maximum == 4)
    try handover.copy(to: "8", with: fixture.client)
    try handover.end(with: fixture.client)
    #expect(
      fixture.writes == [
        "RegisterScalableTarget", "PutScalingPolicy", "PutScheduledAction", "PutScheduledAction",
        "PutScheduledAction", "DeregisterScalableTarget",
      ])
    let registration = try JSONValue(parsing: fixture.server.bodies("RegisterScalableTarget")[0])
    #expect(registration["ResourceId"] == "function:f:8")
    #expect(registration["SuspendedState"]?["DynamicScalingInSuspended"] == true)
    let end = try JSONValue(parsing: fixture.server.bodies("DeregisterScalableTarget")[0])
    #expect(end["ResourceId"] == "function:f:7")
    let none = try FunctionFixture.asking {
      try AutoscalingHandover.read(functionName: "f", qualifier: "7", with: $0)
    }
    #expect(none == nil)
  }

  @Test func roomForBothVersionsIsCheckedWithAndWithoutAReservation() throws {
    let provisioned = [
      Fixture.listProvisioned: [Fixture.list(Fixture.provisioned(300, "READY", qualifier: "7"))]
    ]
    func check(_ count: Int, _ routes: Routes) throws {
      try FunctionFixture.asking(provisioned.merging(routes) { $1 }) {
        try ProvisionedRoom.check(adding: count, toFunction: "f", with: $0)
      }
    }
    let small = [Fixture.getAccount: [Fixture.account(1000, unreserved: 400)]]
    try check(300, small)
    #expect(throws: Refusal.self) { try check(301, small) }
    #expect(throws: Refusal.self) { try check(300, [Fixture.getReserved: [Fixture.reserved(500)]]) }
  }

  @Test func idleAliasThatWouldNotScaleInIsReported() throws {
    func warnings(_ schedules: [ScheduledBounds]?, _ minimum: Int = 1) throws -> [String] {
      let settings = try settings(minimum, schedules: schedules)
      return try FunctionFixture.asking {
        try ProvisionedAutoscaling.plan(
          settings, prices: ProvisionedPrices(PriceList.usEast1()), with: $0
        ).warnings
      }
    }
    #expect(try warnings(nil).first?.contains("does not scale in") == true)
    #expect(try warnings([evening.get()]).isEmpty)
    #expect(try warnings(nil, 4).isEmpty)
  }

  @Test func maximumHasToFitIntoTheReservationWithSchedulesIncluded() throws {
    let routes = [Fixture.getReserved: [Fixture.reserved(4)]]
    func plan(_ settings: ProvisionedAutoscaling.Settings) throws {
      _ = try FunctionFixture.asking(routes) {
        try ProvisionedAutoscaling.plan(
          settings, prices: ProvisionedPrices(PriceList.usEast1()), with: $0)
      }
    }
    try plan(settings())
    #expect(throws: Refusal.self) { try plan(settings(1, 5)) }
    let morning = try ScheduledBounds(schedule: "cron(0 6 * * ? *)", minimum: 1, maximum: 5)
    #expect(throws: Refusal.self) { try plan(settings(schedules: [morning])) }
  }

  @Test(arguments: [0.05, 0.95, .nan])
  func targetOutsideIsRefused(target: Double) throws {
    #expect(throws: Refusal.self) {
      try ProvisionedAutoscaling.Settings(
        functionName: "f", qualifier: "live", minimum: 1, maximum: 2, targetUtilization: target)
    }
  }

  @Test(arguments: [(5, 4), (-1, 4), (0, 0)])
  func boundsThatCannotBeAreRefused(minimum: Int, maximum: Int) {
    #expect(throws: Refusal.self) { try ScalingBounds(minimum: minimum, maximum: maximum) }
  }

  @Test(arguments: [
    ("cron(0 20 * * ? *)", true), ("rate(12 hours)", true), ("at(2027-01-31T08:00:00)", true),
    ("cron(0 20 * * *)", false), ("rate(0 hours)", false), ("0 20 * * ? *", false), ("at()", false),
    ("cron(0 20 * * ? *", false),
  ])
  func scheduleHasOneOfThreeForms(text: String, isOne: Bool) {
    let schedule = try? ScheduledBounds(schedule: text, minimum: 0, maximum: 1)
    #expect((schedule != nil) == isOne)
  }

  @Test func endingWritesOnlyWhenRegistered() throws {
    let without = try FunctionFixture()
    #expect(
      try !ProvisionedAutoscaling.end(ofFunction: "f", qualifier: "live", with: without.client))
    #expect(without.writes.isEmpty)
    let with = try FunctionFixture(
      scaled.merging([
        "DeregisterScalableTarget": [
          .init(400, body: ##"{"__type":"ConcurrentUpdateException","Message":"later"}"##),
          .init(400, body: ##"{"__type":"ObjectNotFoundException","Message":"gone"}"##),
        ]
      ]) { $1 })
    #expect(try ProvisionedAutoscaling.end(ofFunction: "f", qualifier: "live", with: with.client))
    #expect(with.writes.count == 2)
  }

  @Test func registrationsAreReadFiftyAtATimeAndPageByPage() throws {
    let fixture = try FunctionFixture([
      "DescribeScalableTargets": [
        .init(200, body: #"{"ScalableTargets":[],"NextToken":"t"}"#), Fixture.scaled(1, 4),
        .init(200, body: #"{"ScalableTargets":[]}"#),
      ]
    ])
    let resources = (["live"] + (1...50).map(String.init)).map {
      ScalableResource.provisionedConcurrency(functionName: "f", qualifier: $0)
    }
    let states = try ScalingState.read(resources, with: fixture.client)
    #expect(states["function:f:live"]?.target.maximumCapacity == 4)
    let bodies = try fixture.server.bodies("DescribeScalableTargets").map {
      try JSONValue(parsing: $0)
    }
    #expect(bodies.map { $0["ResourceIds"]?.arrayValue?.count } == [50, 50, 1])
    #expect(bodies[1]["NextToken"] == "t")
  }
}
