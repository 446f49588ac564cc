import AWSControl
import Endpoints
import JSON
import OperationsSupport
import TestSupport
import Testing

/// Updates of serverless and asynchronous endpoints.
@Suite struct KindUpdateTests {
  private typealias F = HostingFixture
  private typealias K = KindFixture
  private static let made = [
    "DescribeModel": [F.model], "DescribeScalableTargets": ["{}"],
    "CreateEndpointConfig": [#"{"EndpointConfigArn":"a"}"#], "CreateModel": [#"{"ModelArn":"a"}"#],
  ]

  private func update(alarms: [String] = []) -> EndpointUpdate {
    EndpointUpdate(
      endpointName: "dogs",
      deployment: .init(
        routing: .canary(percent: 10), waitSeconds: 300, terminationWaitSeconds: 120,
        alarmNames: alarms))
  }

  private func serverless(
    _ configured: String, now: String? = nil, more: [String: [String]] = [:]
  ) throws -> F {
    let current = now.map { ",\"CurrentServerlessConfig\":\($0)" } ?? ""
    return try F(
      Self.made.merging([
        "DescribeEndpoint": [
          """
          {"EndpointName":"dogs","EndpointArn":"arn","EndpointConfigName":"old","EndpointStatus":"InService",
          "ProductionVariants":[{"VariantName":"All"\(current)}]}
          """
        ],
        "DescribeEndpointConfig": [
          """
          {"EndpointConfigName":"old","ProductionVariants":[{"VariantName":"All","ModelName":"model",
          "ServerlessConfig":\(configured)}]}
          """
        ],
      ]) { $1 }.merging(more) { $1 })
  }

  private func changing(_ change: ServerlessChange) -> EndpointUpdate {
    var update = update()
    update.serverless = change
    return update
  }

  // MARK: Concurrency

  @Test func concurrencyChangesWithoutAnotherConfiguration() throws {
    let fixture = try serverless(K.serverless())
    let change = try #require(
      try changing(.init(maximumConcurrency: 20)).concurrencyChange(with: fixture.client))
    #expect(
      change.changes == [.init(variant: "All", maximumConcurrency: 20)])
  }

  @Test func provisionedConcurrencyChangesWithoutAnotherConfigurationWhenThereIsSome() throws {
    let fixture = try serverless(K.serverless(provisioned: 1))
    let change = try #require(
      try changing(.init(provisionedConcurrency: 3)).concurrencyChange(with: fixture.client))
    #expect(change.changes == [.init(variant: "All", provisionedConcurrency: 3)])
  }

  @Test(arguments: [
    (KindFixture.serverless(), ServerlessChange(memoryMegabytes: 4096)),
    (KindFixture.serverless(), ServerlessChange(provisionedConcurrency: 1)),
    (KindFixture.serverless(provisioned: 1), ServerlessChange(provisionedConcurrency: 0)),
  ])
  func otherSettingsNeedAnotherConfiguration(configured: String, change: ServerlessChange) throws {
    let fixture = try serverless(configured)
    let update = changing(change)
    #expect(try update.concurrencyChange(with: fixture.client) == nil)
    let plan = try #require(try update.plan(suffix: "1", with: fixture.client))
    try plan.start(with: fixture.client) { _ in }
    #expect(fixture.writes == ["CreateEndpointConfig", "UpdateEndpoint"])
    let wanted = try change.applied(to: try #require(plan.serverless))
    let variant = fixture.bodies("CreateEndpointConfig")[0]["ProductionVariants"]?[0]
    #expect(variant?["ServerlessConfig"] == wanted.input.json)
    // Guardrails are not for serverless endpoints.
    #expect(fixture.bodies("UpdateEndpoint")[0]["DeploymentConfig"] == nil)
    #expect(fixture.bodies("UpdateEndpoint")[0]["RetainAllVariantProperties"] == false)
    #expect(plan.comingBack?.deployment == nil)
  }

  @Test func newConfigurationKeepsTheConcurrencyThatTheEndpointHasNow() throws {
    let fixture = try serverless(K.serverless(), now: K.serverless(maximum: 20))
    let plan = try #require(
      try changing(.init(memoryMegabytes: 4096)).plan(suffix: "1", with: fixture.client))
    #expect(plan.serverless?.maximumConcurrency == 20)
    #expect(plan.serverless?.memoryMegabytes == 4096)
  }

  @Test func whatIsSoAlreadyIsNotWrittenAgain() throws {
    let fixture = try serverless(K.serverless(), now: K.serverless(maximum: 20))
    let update = changing(.init(maximumConcurrency: 20))
    #expect(try update.concurrencyChange(with: fixture.client) == nil)
    #expect(try update.plan(suffix: "1", with: fixture.client) == nil)
  }

  @Test func provisionedConcurrencyOutsideOfItsScalingIsRefused() throws {
    let fixture = try serverless(
      K.serverless(provisioned: 1),
      more: [
        "DescribeScalableTargets": [
          #"{"ScalableTargets":[{"ResourceId":"r","MinCapacity":1,"MaxCapacity":2}]}"#
        ]
      ])
    let refusal = #expect(throws: Refusal.self) {
      try changing(.init(provisionedConcurrency: 3)).concurrencyChange(with: fixture.client)
    }
    #expect(refusal?.message.contains("3 would be reverted") == true)
    #expect(fixture.writes.isEmpty)
  }

  // MARK: Conversion

  @Test func instancesForAServerlessEndpointAreFinal() throws {
    let fixture = try serverless(K.serverless())
    var update = update()
    update.instanceType = "ml.m5.xlarge"
    let plan = try #require(try update.plan(suffix: "1", with: fixture.client))
    #expect(plan.isFinal)
    #expect(plan.kind == .realTime)
    #expect(plan.comingBack == nil)
    try plan.start(with: fixture.client) { _ in }
    let variant = fixture.bodies("CreateEndpointConfig")[0]["ProductionVariants"]?[0]
    #expect(variant?["ServerlessConfig"] == nil)
    #expect(variant?["InstanceType"] == "ml.m5.xlarge")
    #expect(variant?["InitialInstanceCount"] == 1)
  }

  @Test func workersOfAServerlessEndpointAreNotThoseOfInstances() throws {
    let model = F.model.replacingOccurrences(
      of: #"{"A":"b"}"#,
      with: #"{"SAGEMAKER_PROGRAM":"inference.py","SAGEMAKER_MODEL_SERVER_WORKERS":"1","#
        + #""MMS_DEFAULT_WORKERS_PER_MODEL":"1","A":"b"}"#)
    let fixture = try serverless(K.serverless(), more: ["DescribeModel": [model]])
    var update = update()
    update.instanceType = "ml.m5.xlarge"
    let plan = try #require(try update.plan(suffix: "1", with: fixture.client))
    #expect(plan.model?.environment == ["SAGEMAKER_PROGRAM": "inference.py", "A": "b"])
  }

  @Test func autoscaledConcurrencyIsRefusedWithAConversion() throws {
    let fixture = try serverless(
      K.serverless(provisioned: 1),
      more: [
        "DescribeScalableTargets": [
          #"{"ScalableTargets":[{"ResourceId":"r","MinCapacity":1,"MaxCapacity":2}]}"#
        ]
      ])
    var update = update()
    update.instanceType = "ml.m5.xlarge"
    let refusal = #expect(throws: Refusal.self) {
      try update.plan(suffix: "1", with: fixture.client)
    }
    #expect(refusal?.advice.contains("autoscale off") == true)
  }

  private func refusal(_ update: EndpointUpdate, _ fixture: F) -> String {
    let refusal = #expect(throws: Refusal.self) {
      try update.plan(suffix: "1", with: fixture.client)
    }
    #expect(fixture.writes.isEmpty)
    return refusal?.message ?? ""
  }

  @Test func conversionsThatSageMakerDoesNotMakeAreRefused() throws {
    let instances = try F(
      Self.made.merging([
        "DescribeEndpoint": [F.endpoint()], "DescribeEndpointConfig": [F.config],
      ]) { $1 })
    #expect(
      refusal(changing(.init(maximumConcurrency: 5)), instances)
        .contains("does not convert it to serverless"))
    var asynchronous = update()
    asynchronous.asynchronous = AsynchronousChange()
    asynchronous.asynchronous?.outputPath = "s3://results/o"
    #expect(refusal(asynchronous, instances).contains("is real-time"))
    #expect(refusal(asynchronous, try serverless(K.serverless())).contains("is serverless"))
  }

  @Test func instanceCountAndAlarmsOfAServerlessEndpointAreRefused() throws {
    var count = update()
    count.instanceCount = 2
    #expect(refusal(count, try serverless(K.serverless())).contains("it has no instances"))
    var alarms = update(alarms: ["errors"])
    alarms.serverless = .init(memoryMegabytes: 4096)
    #expect(refusal(alarms, try serverless(K.serverless())).contains("monitors no alarms"))
  }

  // MARK: Asynchronous

  private func asynchronous(count: Int = 1, more: [String: [String]] = [:]) throws -> F {
    try F(
      Self.made.merging([
        "DescribeEndpoint": [F.endpoint(count: count)],
        "DescribeEndpointConfig": [K.asynchronousConfiguration],
      ]) { $1 }.merging(more) { $1 })
  }

  @Test func pathsChangeAndTheRestStays() throws {
    let fixture = try asynchronous()
    var update = update()
    update.asynchronous = AsynchronousChange()
    update.asynchronous?.errorTopicARN = "arn:aws:sns:us-east-1:1:failed"
    let plan = try #require(try update.plan(suffix: "1", with: fixture.client))
    try plan.start(with: fixture.client) { _ in }
    let output = fixture.bodies("CreateEndpointConfig")[0]["AsyncInferenceConfig"]?["OutputConfig"]
    #expect(output?["S3OutputPath"] == "s3://dog-results/output")
    #expect(output?["S3FailurePath"] == "s3://dog-results/failures")
    #expect(output?["NotificationConfig"]?["ErrorTopic"] == "arn:aws:sns:us-east-1:1:failed")
    #expect(fixture.bodies("UpdateEndpoint")[0]["DeploymentConfig"] != nil)
    update.asynchronous?.errorTopicARN = nil
    update.asynchronous?.outputPath = "s3://dog-results/output"
    #expect(try update.plan(suffix: "1", with: fixture.client) == nil)
  }

  @Test func newPathsAreCheckedAgainstTheUploads() throws {
    var update = update()
    update.asynchronous = AsynchronousChange()
    update.asynchronous?.outputPath = "s3://photos/uploads/out"
    update.trigger = UploadTrigger(functionName: "f", bucket: "photos", prefix: "uploads/")
    #expect(refusal(update, try asynchronous()).contains("for ever"))
  }

  @Test func configurationOfAnEndpointWithoutInstancesBeginsWithOne() throws {
    let fixture = try asynchronous(count: 0)
    var update = update()
    update.instanceType = "ml.g5.xlarge"
    let plan = try #require(try update.plan(suffix: "1", with: fixture.client))
    try plan.start(with: fixture.client) { _ in }
    let variant = fixture.bodies("CreateEndpointConfig")[0]["ProductionVariants"]?[0]
    #expect(variant?["InitialInstanceCount"] == 1)
    #expect(fixture.bodies("UpdateEndpoint")[0]["RetainAllVariantProperties"] == true)
  }

  @Test func alarmCallsThePolicyThatIsPutAgain() throws {
    let fixture = try asynchronous(
      more: [
        "DescribeScalableTargets": [
          #"{"ScalableTargets":[{"ResourceId":"endpoint/dogs/variant/All","MinCapacity":0,"MaxCapacity":4}]}"#
        ],
        "DescribeScalingPolicies": [#"{"ScalingPolicies":[\#(K.step())]}"#],
        "DescribeAlarms": [#"{"MetricAlarms":[\#(K.alarm())]}"#],
        "PutScalingPolicy": [#"{"PolicyARN":"arn:new"}"#],
      ])
    let saved = try #require(
      try ScalingBackup.read(endpointName: "dogs", variant: "All", with: fixture.client))
    // Through the file, as after an interruption.
    try ScalingBackup(file: saved.file, path: "f").restore(with: fixture.client)
    #expect(fixture.writes == ["RegisterScalableTarget", "PutScalingPolicy", "PutMetricAlarm"])
    let alarm = fixture.bodies("PutMetricAlarm")[0]
    #expect(alarm["AlarmActions"] == ["arn:new"])
    #expect(alarm["AlarmName"]?.stringValue == K.alarmName)
    #expect(alarm["StateValue"] == nil)
  }

  // MARK: Deletion

  private static let others = [
    "ListEndpoints": [#"{"Endpoints":[]}"#],
    "ListEndpointConfigs": [#"{"EndpointConfigs":[{"EndpointConfigName":"c"}]}"#],
  ]

  private func delete(_ fixture: F) throws -> EndpointDeletion.Plan {
    let plan = try EndpointDeletion.plan(
      endpointName: "dogs", keepsModel: true, with: fixture.client)
    try plan.start(with: fixture.client)
    return plan
  }

  @Test func scalingAndAlarmGoBeforeTheEndpoint() throws {
    let fixture = try asynchronous(
      more: Self.others.merging([
        "DescribeScalableTargets": [
          #"{"ScalableTargets":[{"ResourceId":"endpoint/dogs/variant/All","MinCapacity":0,"MaxCapacity":4}]}"#
        ],
        "DescribeAlarms": [#"{"MetricAlarms":[\#(K.alarm())]}"#],
      ]) { $1 })
    #expect(try delete(fixture).alarmNames == [K.alarmName])
    #expect(fixture.writes == ["DeregisterScalableTarget", "DeleteAlarms", "DeleteEndpoint"])
    #expect(
      fixture.bodies("DescribeAlarms")[0]["AlarmNamePrefix"]
        == "inferencectl-endpoint/dogs/variant/")
  }

  @Test func alarmOfAnEndpointThatIsGoneIsDeleted() throws {
    let fixture = try F([
      "DescribeEndpoint": [F.missing], "DescribeAlarms": [#"{"MetricAlarms":[\#(K.alarm())]}"#],
    ])
    _ = try delete(fixture)
    #expect(fixture.writes == ["DeleteAlarms"])
  }

  @Test func provisionedConcurrencyIsDeregisteredInItsOwnDimension() throws {
    let fixture = try serverless(
      K.serverless(provisioned: 1),
      more: Self.others.merging([
        "DescribeScalableTargets": [
          #"{"ScalableTargets":[{"ResourceId":"endpoint/dogs/variant/All","MinCapacity":1,"MaxCapacity":2}]}"#
        ]
      ]) { $1 })
    _ = try delete(fixture)
    #expect(fixture.writes == ["DeregisterScalableTarget", "DeleteEndpoint"])
    #expect(
      fixture.bodies("DeregisterScalableTarget")[0]["ScalableDimension"]
        == "sagemaker:variant:DesiredProvisionedConcurrency")
    #expect(!fixture.operations.contains("DescribeAlarms"))
  }
}
