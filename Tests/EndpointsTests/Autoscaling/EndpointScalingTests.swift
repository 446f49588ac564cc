import AWSControl
import Endpoints
import JSON
import TestSupport
import Testing

@Suite struct EndpointScalingTests {
  private typealias Fixture = EndpointFixture

  private func settings(
    _ minimum: Int = 1, _ maximum: Int = 4, variant: String? = nil
  ) throws -> EndpointScaling.Settings {
    var settings = EndpointScaling.Settings(endpointName: "dogs", variant: variant)
    (settings.minimum, settings.maximum) = (minimum, maximum)
    settings.target = .invocations(try InvocationTarget(maximumRequestsPerSecond: 20))
    try settings.check()
    return settings
  }

  private func refusal(
    _ routes: EndpointFixture.Routes = [:], type: String = "ml.m5.large", variant: String? = nil
  ) throws -> String {
    let settings = try settings(variant: variant)
    let refusal = #expect(throws: Refusal.self) {
      try Fixture.asking(routes, type: type) { try EndpointScaling.plan(settings, with: $0) }
    }
    return refusal?.message ?? ""
  }

  @Test func targetIsRateTimesSafetyTimes60() throws {
    let target = try InvocationTarget(maximumRequestsPerSecond: 20)
    #expect(target.invocationsPerMinute == 600)
    #expect(
      target.explanation == "20 requests/s x 0.5 x 60 s = 600 invocations a minute per instance")
    let odd = try InvocationTarget(maximumRequestsPerSecond: 7.3, safetyFactor: 0.1)
    #expect(odd.invocationsPerMinute == 43.8)
  }

  @Test(arguments: [
    (0.0, 0.5), (-1, 0.5), (.infinity, 0.5), (5, 0), (5, 1.1), (5, .nan), (1e-9, 0.5),
  ])
  func targetThatCannotBeIsRefused(rate: Double, safety: Double) {
    #expect(throws: Refusal.self) {
      try InvocationTarget(maximumRequestsPerSecond: rate, safetyFactor: safety)
    }
  }

  @Test(arguments: [(0, 4), (5, 4)])
  func boundsThatCannotBeAreRefused(minimum: Int, maximum: Int) {
    #expect(throws: Refusal.self) { try settings(minimum, maximum) }
  }

  @Test(arguments: ["ml.t2.medium", "ml.t3.large"])
  func burstableInstancesAreRefused(type: String) throws {
    #expect(try refusal(type: type).contains("\(type): burstable"))
  }

  @Test func trainiumIsNotBurstable() throws {
    let settings = try settings()
    let plan = try Fixture.asking(type: "ml.trn1.2xlarge") {
      try EndpointScaling.plan(settings, with: $0)
    }
    #expect(plan.variant.instanceType == "ml.trn1.2xlarge")
  }

  @Test func inferenceComponentsAreRefused() throws {
    let components = #"{"VariantName":"All","InstanceType":"ml.m5.large"}"#
    #expect(
      try refusal(["DescribeEndpointConfig": [Fixture.configuration(components)]])
        .contains("inference components"))
  }

  @Test func endpointThatIsNotInServiceIsRefused() throws {
    #expect(
      try refusal(["DescribeEndpoint": [Fixture.endpoint("Failed", reason: "no image")]])
        .contains("is Failed: no image"))
  }

  @Test func variantHasToBeThereAndNamedWhenThereAreSeveral() throws {
    #expect(try refusal(variant: "B").contains("It has All"))
    let two = [
      "DescribeEndpoint": [
        Fixture.endpoint("InService", Fixture.variant("A"), Fixture.variant("B"))
      ]
    ]
    #expect(try refusal(two).contains("has 2 variants: A, B"))
  }

  @Test func registersAndPutsThePolicyAndWarnsOfInstanceTypeChanges() throws {
    let fixture = try EndpointFixture([
      "DescribeEndpoint": [Fixture.endpoint("InService", Fixture.variant(now: 6, wanted: 6))]
    ])
    let plan = try EndpointScaling.plan(settings(), with: fixture.client)
    #expect(plan.warnings[0] == "All has 6 instances: scaling makes it 4")
    #expect(plan.warnings[1].contains("UpdateEndpoint fails"))
    #expect(try EndpointScaling.apply(plan, with: fixture.client).changeCount == 2)
    #expect(fixture.writes == ["RegisterScalableTarget", "PutScalingPolicy"])
    let body = try JSONValue(parsing: fixture.server.bodies("PutScalingPolicy")[0])
    #expect(body["ResourceId"] == "endpoint/dogs/variant/All")
    let policy = body["TargetTrackingScalingPolicyConfiguration"]
    #expect(policy?["TargetValue"]?.doubleValue == 600)
    #expect(policy?["ScaleInCooldown"] == 300)
    #expect(policy?["ScaleOutCooldown"] == 60)
  }

  @Test func whatIsSoAlreadyIsNotWrittenAgain() throws {
    let fixture = try EndpointFixture([
      "DescribeScalableTargets": [Fixture.scaled(1, 4)],
      "DescribeScalingPolicies": [Fixture.policies(600)],
    ])
    let plan = try EndpointScaling.plan(settings(), with: fixture.client)
    let outcome = try EndpointScaling.apply(plan, with: fixture.client)
    #expect(outcome.changeCount == 0)
    #expect(outcome.policyName == "theirs")
    #expect(fixture.writes.isEmpty)
  }

  @Test func policyOfAnotherMetricStaysAndIsReported() throws {
    let fixture = try EndpointFixture([
      "DescribeScalableTargets": [Fixture.scaled(1, 4)],
      "DescribeScalingPolicies": [Fixture.policies(50, metric: "SageMakerOther")],
    ])
    let plan = try EndpointScaling.plan(settings(), with: fixture.client)
    #expect(plan.warnings[0].contains("also scaled by theirs"))
    _ = try EndpointScaling.apply(plan, with: fixture.client)
    #expect(fixture.writes == ["PutScalingPolicy"])
  }

  @Test func concurrentUpdateIsTriedAgain() throws {
    let fixture = try EndpointFixture([
      "RegisterScalableTarget": [
        .init(400, body: ##"{"__type":"ConcurrentUpdateException","Message":"later"}"##),
        .init(200, body: "{}"),
      ]
    ])
    let plan = try EndpointScaling.plan(settings(), with: fixture.client)
    _ = try EndpointScaling.apply(plan, with: fixture.client)
    #expect(
      fixture.writes == ["RegisterScalableTarget", "RegisterScalableTarget", "PutScalingPolicy"])
  }

  @Test func endingWritesOnlyWhenRegistered() throws {
    let without = try EndpointFixture()
    #expect(
      try !EndpointScaling.end(endpointName: "dogs", variant: nil, with: without.client).wasScaled)
    #expect(without.writes.isEmpty)
    let with = try EndpointFixture(["DescribeScalableTargets": [Fixture.scaled(1, 4)]])
    #expect(
      try EndpointScaling.end(endpointName: "dogs", variant: nil, with: with.client).wasScaled)
    #expect(with.writes == ["DeregisterScalableTarget"])
  }
}
