import AWSControl
import Endpoints
import JSON
import TestSupport
import Testing

/// The autoscaling of a serverless endpoint's provisioned concurrency.
@Suite struct ServerlessScalingTests {
  private typealias K = KindFixture

  private func plan(
    _ routes: K.Routes, maximum: Int = 4, target: ScalingTarget? = nil
  ) throws -> (EndpointFixture, EndpointScaling.Plan) {
    var settings = EndpointScaling.Settings(endpointName: "dogs")
    (settings.minimum, settings.maximum, settings.target) = (1, maximum, target)
    let fixture = try EndpointFixture(routes)
    return (fixture, try EndpointScaling.plan(settings, with: fixture.client))
  }

  @Test func provisionedConcurrencyFollowsItsUtilization() throws {
    let (fixture, plan) = try plan(
      K.serverlessRoutes(K.serverless(provisioned: 1)), target: .utilization(0.5))
    _ = try EndpointScaling.apply(plan, with: fixture.client)
    #expect(fixture.writes == ["RegisterScalableTarget", "PutScalingPolicy"])
    let policy = try JSONValue(parsing: fixture.server.bodies("PutScalingPolicy")[0])
    #expect(policy["ScalableDimension"] == "sagemaker:variant:DesiredProvisionedConcurrency")
    let tracking = policy["TargetTrackingScalingPolicyConfiguration"]
    #expect(tracking?["TargetValue"]?.doubleValue == 0.5)
    #expect(
      tracking?["PredefinedMetricSpecification"]?["PredefinedMetricType"]
        == "SageMakerVariantProvisionedConcurrencyUtilization")
    #expect(plan.warnings.isEmpty)
  }

  @Test func endpointWithoutProvisionedConcurrencyIsRefusedWithTheWayToIt() throws {
    let refusal = #expect(throws: Refusal.self) {
      try plan(K.serverlessRoutes(K.serverless()))
    }
    #expect(refusal?.advice.contains("--serverless provisioned=1") == true)
  }

  @Test func maximumAboveTheConcurrencyIsRefused() throws {
    let refusal = #expect(throws: Refusal.self) {
      try plan(K.serverlessRoutes(K.serverless(provisioned: 1)), maximum: 6)
    }
    #expect(refusal?.message.contains("maximum concurrency of 5") == true)
    // The endpoint's own value counts, not that of the configuration.
    _ = try plan(
      K.serverlessRoutes(
        K.serverless(provisioned: 1), now: K.serverless(maximum: 9, provisioned: 1)), maximum: 6)
  }

  @Test func instancesOfAServerlessEndpointAreRefused() throws {
    let fixture = try EndpointFixture(K.serverlessRoutes(K.serverless()))
    let refusal = #expect(throws: Refusal.self) {
      try EndpointCapacity.setInstances(
        3, ofEndpoint: "dogs", variant: nil, with: fixture.client, waiter: nil)
    }
    #expect(refusal?.advice.contains("--serverless max=3") == true)
  }
}
