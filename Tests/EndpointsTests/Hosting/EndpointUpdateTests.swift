import AWSControl
import Endpoints
import Foundation
import JSON
import Testing

@Suite struct EndpointUpdateTests {
  private typealias F = HostingFixture
  private static let target = """
    {"ScalableTargets":[{"ResourceId":"endpoint/dogs/variant/All","MinCapacity":1,"MaxCapacity":4,
    "SuspendedState":{"ScheduledScalingSuspended":true}}]}
    """
  private static let policies = """
    {"ScalingPolicies":[{"PolicyName":"p","PolicyType":"TargetTrackingScaling","TargetTrackingScalingPolicyConfiguration":
    {"TargetValue":70.5,"CustomizedMetricSpecification":{"MetricName":"own","Namespace":"n","Statistic":"Sum"}}}]}
    """
  private static let schedules = """
    {"ScheduledActions":[{"ScheduledActionName":"night","Schedule":"cron(0 22 * * ? *)","Timezone":"Europe/Berlin",
    "StartTime":1700000000,"ScalableTargetAction":{"MinCapacity":1}}]}
    """
  private static let registered = [
    "DescribeEndpointConfig": [F.config], "DescribeModel": [F.model],
    "DescribeScalableTargets": [target], "DescribeScalingPolicies": [policies],
    "DescribeScheduledActions": [schedules],
    "CreateEndpointConfig": [#"{"EndpointConfigArn":"a"}"#], "CreateModel": [#"{"ModelArn":"a"}"#],
  ]

  private func update() -> EndpointUpdate {
    EndpointUpdate(
      endpointName: "dogs",
      deployment: .init(
        routing: .canary(percent: 10), waitSeconds: 300, terminationWaitSeconds: 120,
        alarmNames: ["errors"]))
  }

  @Test func anotherInstanceTypeDeregistersAndRegistersAgain() throws {
    let fixture = try F(
      Self.registered.merging(["DescribeEndpoint": [F.endpoint()]]) { $1 })
    var update = update()
    update.instanceType = "ml.m5.2xlarge"
    let plan = try #require(try update.plan(suffix: "1", with: fixture.client))
    var saved: ScalingBackup?
    try plan.start(with: fixture.client) { saved = $0 }
    #expect(
      fixture.writes == ["CreateEndpointConfig", "DeregisterScalableTarget", "UpdateEndpoint"])
    let config = fixture.bodies("CreateEndpointConfig")[0]
    #expect(config["KmsKeyId"] == "key")
    #expect(config["ProductionVariants"]?[0]?["InstanceType"] == "ml.m5.2xlarge")
    // As many as autoscaling has now, not as many as the configuration began with.
    #expect(config["ProductionVariants"]?[0]?["InitialInstanceCount"] == 2)
    #expect(fixture.bodies("UpdateEndpoint")[0]["RetainAllVariantProperties"] == true)
    // Through the file, as after an interruption.
    let backup = try ScalingBackup(file: try #require(saved).file, path: "f")
    try backup.restore(with: fixture.client)
    let again = fixture.bodies("RegisterScalableTarget")[0]
    #expect(again["MinCapacity"] == 1)
    #expect(again["MaxCapacity"] == 4)
    #expect(again["SuspendedState"]?["ScheduledScalingSuspended"] == true)
    let policy = fixture.bodies("PutScalingPolicy")[0]["TargetTrackingScalingPolicyConfiguration"]
    #expect(policy?["CustomizedMetricSpecification"]?["MetricName"] == "own")
    let action = fixture.bodies("PutScheduledAction")[0]
    #expect(action["Timezone"] == "Europe/Berlin")
    #expect(action["StartTime"] == 1_700_000_000)
  }

  @Test func anotherModelLeavesTheScalingAlone() throws {
    let fixture = try F(Self.registered.merging(["DescribeEndpoint": [F.endpoint()]]) { $1 })
    var update = update()
    update.modelData = S3Location("s3://models/new/model.tar.gz")
    let plan = try #require(try update.plan(suffix: "1", with: fixture.client))
    #expect(plan.oldModelData == S3Location("s3://models/old/model.tar.gz"))
    try plan.start(with: fixture.client) { _ in }
    #expect(fixture.writes == ["CreateModel", "CreateEndpointConfig", "UpdateEndpoint"])
    let model = fixture.bodies("CreateModel")[0]
    #expect(model["PrimaryContainer"]?["ModelDataUrl"] == "s3://models/new/model.tar.gz")
    #expect(model["PrimaryContainer"]?["Environment"]?["A"] == "b")
    #expect(model["ExecutionRoleArn"] == "arn:aws:iam::1:role/r")
    let deployment = fixture.bodies("UpdateEndpoint")[0]["DeploymentConfig"]
    #expect(deployment?["AutoRollbackConfiguration"]?["Alarms"]?[0]?["AlarmName"] == "errors")
  }

  @Test func instanceWithAGPUGetsTheImageForIt() throws {
    let fixture = try F(Self.registered.merging(["DescribeEndpoint": [F.endpoint()]]) { $1 })
    var update = update()
    update.instanceType = "ml.g4dn.xlarge"
    let plan = try #require(try update.plan(suffix: "1", with: fixture.client))
    #expect(
      plan.model?.image
        == "763104351884.dkr.ecr.eu-west-1.amazonaws.com/pytorch-inference:2.6.0-gpu-py312")
  }

  @Test func refusedUpdateTakesBackWhatWasMade() throws {
    let fixture = try F(
      Self.registered.merging([
        "DescribeEndpoint": [F.endpoint()],
        "UpdateEndpoint": [
          "ResourceLimitExceeded: The account-level service limit 'ml.m5.2xlarge for endpoint usage' is 0"
        ],
      ]) { $1 })
    var update = update()
    update.instanceType = "ml.m5.2xlarge"
    let plan = try #require(try update.plan(suffix: "1", with: fixture.client))
    let error = #expect(throws: (any Error).self) {
      try plan.start(with: fixture.client) { _ in }
    }
    #expect("\(try #require(error))".contains("ml.m5.2xlarge for endpoint usage"))
    #expect(
      fixture.writes == [
        "CreateEndpointConfig", "DeregisterScalableTarget", "UpdateEndpoint",
        "RegisterScalableTarget", "PutScalingPolicy", "PutScheduledAction", "DeleteEndpointConfig",
      ])
  }

  @Test func endpointThatIsUpdatingIsRefused() throws {
    let fixture = try F(["DescribeEndpoint": [F.endpoint("Updating")]])
    var update = update()
    update.instanceCount = 3
    let refusal = #expect(throws: Refusal.self) {
      try update.plan(suffix: "1", with: fixture.client)
    }
    #expect(refusal?.reason == "Endpoint dogs is Updating")
  }

  @Test func failedEndpointCanOnlyBeDeleted() throws {
    let fixture = try F(["DescribeEndpoint": [F.endpoint("Failed", reason: "no disk")]])
    let refusal = #expect(throws: Refusal.self) {
      try update().plan(suffix: "1", with: fixture.client)
    }
    #expect(refusal?.message.contains("no disk. A failed endpoint can only be deleted") == true)
  }

  @Test func nothingToChangeIsReported() throws {
    let fixture = try F([
      "DescribeEndpoint": [F.endpoint()], "DescribeEndpointConfig": [F.config],
      "DescribeModel": [F.model],
    ])
    var update = update()
    update.instanceType = "ml.m5.xlarge"
    #expect(try update.plan(suffix: "1", with: fixture.client) == nil)
  }

  @Test func countThatIsAskedForIsNotRetained() throws {
    let fixture = try F(Self.registered.merging(["DescribeEndpoint": [F.endpoint()]]) { $1 })
    var update = update()
    update.instanceCount = 5
    let plan = try #require(try update.plan(suffix: "1", with: fixture.client))
    #expect(plan.update.exceptions == ["DesiredInstanceCount"])
    #expect(plan.scaling == nil)
  }

  // MARK: Waiting

  @Test func waitEndsWhenTheNewConfigurationServes() throws {
    let fixture = try F([
      "DescribeEndpoint": [
        F.endpoint(), F.endpoint("Updating"), F.endpoint("Updating"), F.endpoint(config: "new"),
      ]
    ])
    try fixture.client.waitForEndpoint("dogs", configurationName: "new", waiter: fixture.waiter)
    #expect(fixture.operations.count == 4)
  }

  @Test func rollbackIsARefusalWithAWSsReason() throws {
    let fixture = try F([
      "DescribeEndpoint": [
        F.endpoint("Updating"), F.endpoint("RollingBack"),
        F.endpoint(reason: "alarm errors went off"),
      ]
    ])
    let refusal = #expect(throws: Refusal.self) {
      try fixture.client.waitForEndpoint("dogs", configurationName: "new", waiter: fixture.waiter)
    }
    #expect(
      refusal?.reason
        == "Endpoint dogs was rolled back and serves old as before: alarm errors went off")
  }

  @Test func inServiceWithTheOldConfigurationAfterUpdatingIsARollbackWithoutAReasonToo() throws {
    let fixture = try F(["DescribeEndpoint": [F.endpoint("Updating"), F.endpoint()]])
    let refusal = #expect(throws: Refusal.self) {
      try fixture.client.waitForEndpoint("dogs", configurationName: "new", waiter: fixture.waiter)
    }
    #expect(
      refusal?.reason == "Endpoint dogs was rolled back and serves old as before: no reason given")
  }

  @Test func reasonOfAnEarlierUpdateIsNoRollback() throws {
    let stale = F.endpoint(reason: "an alarm of last week")
    let fixture = try F([
      "DescribeEndpoint": [
        stale, F.endpoint("Updating", reason: "an alarm of last week"),
        F.endpoint(config: "new", reason: "an alarm of last week"),
      ]
    ])
    try fixture.client.waitForEndpoint(
      "dogs", configurationName: "new", staleReason: "an alarm of last week",
      waiter: fixture.waiter)
    #expect(fixture.operations.count == 3)
  }

  @Test func newReasonIsARollbackAlsoWhenUpdatingWasNeverSeen() throws {
    let fixture = try F(["DescribeEndpoint": [F.endpoint(reason: "no capacity")]])
    let refusal = #expect(throws: Refusal.self) {
      try fixture.client.waitForEndpoint(
        "dogs", configurationName: "new", staleReason: "an alarm of last week",
        waiter: fixture.waiter)
    }
    #expect(refusal?.reason.hasSuffix("serves old as before: no capacity") == true)
  }

  @Test func updateThatNeverBeginsIsNotWaitedForTillTheLimit() throws {
    let fixture = try F(["DescribeEndpoint": [F.endpoint()]])
    var waiter = fixture.waiter
    waiter.limitMilliseconds = 8 * 3_600_000
    let refusal = #expect(throws: Refusal.self) {
      try fixture.client.waitForEndpoint("dogs", configurationName: "new", waiter: waiter)
    }
    #expect(refusal?.reason.contains("has not started it") == true)
    #expect(fixture.control.clock.monotonicMilliseconds() < 600_000)
  }

  @Test func updateThatAnEarlierRunHasStartedIsOnlyWaitedFor() throws {
    let fixture = try F(
      Self.registered.merging([
        "DescribeEndpoint": [F.endpoint("Updating", pending: "dogs-20260101-000000")],
        "DescribeEndpointConfig": [
          F.config.replacingOccurrences(of: "ml.m5.xlarge", with: "ml.m5.2xlarge")
        ],
      ]) { $1 })
    var update = update()
    update.instanceType = "ml.m5.2xlarge"
    let plan = try #require(try update.plan(suffix: "1", with: fixture.client))
    #expect(plan.isUnderWay)
    #expect(plan.configuration.name == "dogs-20260101-000000")
    try plan.start(with: fixture.client) { _ in }
    #expect(fixture.writes.isEmpty)
    update.instanceType = "ml.c5.xlarge"
    #expect(throws: Refusal.self) { try update.plan(suffix: "1", with: fixture.client) }
  }

  @Test func scalingThatAnInterruptedUpdateHasLeftIsRestoredUnlessItIsBack() throws {
    let before = try F(Self.registered)
    let saved = try #require(
      try ScalingBackup.read(endpointName: "dogs", variant: "All", with: before.client))
    func plan(_ targets: String) throws -> EndpointUpdate.Plan? {
      let fixture = try F(
        Self.registered.merging([
          "DescribeEndpoint": [F.endpoint()], "DescribeScalableTargets": [targets],
        ]) { $1 })
      var update = update()
      update.instanceCount = 5
      update.leftover = saved
      return try update.plan(suffix: "1", with: fixture.client)
    }
    #expect(try plan(#"{"ScalableTargets":[]}"#)?.restores == saved)
    #expect(try plan(Self.target)?.restores == nil)
  }

  @Test(arguments: [
    (UpdateEndpoint.Deployment.Routing.allAtOnce, 300 + 120 + 3600),
    (.canary(percent: 10), 600 + 120 + 3600), (.linear(percent: 30), 1200 + 120 + 3600),
  ])
  func updateHasALimitThatFitsItsSteps(
    routing: UpdateEndpoint.Deployment.Routing, seconds: Int
  ) {
    let deployment = UpdateEndpoint.Deployment(
      routing: routing, waitSeconds: 300, terminationWaitSeconds: 120, alarmNames: [])
    #expect(deployment.limited.maximumSeconds == seconds)
  }

  @Test func lostAnswerOfUpdateEndpointIsASuccessOnTheSecondLook() throws {
    let fixture = try F(
      Self.registered.merging([
        "DescribeEndpoint": [
          F.endpoint(), F.endpoint("Updating", pending: "dogs-1"),
        ],
        "UpdateEndpoint": ["ValidationException: Cannot update in-progress endpoint"],
      ]) { $1 })
    var update = update()
    update.instanceType = "ml.m5.2xlarge"
    let plan = try #require(try update.plan(suffix: "1", with: fixture.client))
    try plan.start(with: fixture.client) { _ in }
    #expect(fixture.writes.last == "UpdateEndpoint")
  }

  @Test func failureIsReported() throws {
    let fixture = try F([
      "DescribeEndpoint": [
        F.endpoint("Creating"), F.endpoint("Failed", reason: "ping health check"),
      ]
    ])
    let refusal = #expect(throws: Refusal.self) {
      try fixture.client.waitForEndpoint("dogs", configurationName: "old", waiter: fixture.waiter)
    }
    #expect(refusal?.reason == "Endpoint dogs is Failed: ping health check")
    #expect(refusal?.advice.contains("/aws/sagemaker/Endpoints/dogs") == true)
  }
}
