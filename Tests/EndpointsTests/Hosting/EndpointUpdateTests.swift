import AWSControl
import Endpoints
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
    let plan = try update.plan(suffix: "1", with: fixture.client)
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
    let plan = try update.plan(suffix: "1", with: fixture.client)
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
    let plan = try update.plan(suffix: "1", with: fixture.client)
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
    let plan = try update.plan(suffix: "1", with: fixture.client)
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
    let refusal = #expect(throws: Refusal.self) {
      try update.plan(suffix: "1", with: fixture.client)
    }
    #expect(refusal?.reason == "Nothing to change: dogs already has these settings")
  }

  @Test func countThatIsAskedForIsNotRetained() throws {
    let fixture = try F(Self.registered.merging(["DescribeEndpoint": [F.endpoint()]]) { $1 })
    var update = update()
    update.instanceCount = 5
    let plan = try update.plan(suffix: "1", with: fixture.client)
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
