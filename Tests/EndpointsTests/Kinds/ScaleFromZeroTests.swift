import AWSControl
import Endpoints
import JSON
import TestSupport
import Testing

/// The autoscaling of asynchronous endpoints.
@Suite struct ScaleFromZeroTests {
  private typealias K = KindFixture

  private func settings(
    _ minimum: Int? = 0, _ maximum: Int? = 4, target: ScalingTarget? = nil
  ) -> EndpointScaling.Settings {
    var settings = EndpointScaling.Settings(endpointName: "dogs")
    (settings.minimum, settings.maximum, settings.target) = (minimum, maximum, target)
    return settings
  }

  private func scale(
    _ routes: K.Routes, _ settings: EndpointScaling.Settings
  ) throws -> (EndpointFixture, ScalingChange.Outcome) {
    let fixture = try EndpointFixture(routes)
    let plan = try EndpointScaling.plan(settings, with: fixture.client)
    return (fixture, try EndpointScaling.apply(plan, with: fixture.client))
  }

  private func body(_ fixture: EndpointFixture, _ operation: String, at index: Int = 0) throws
    -> JSONValue
  {
    try JSONValue(parsing: fixture.server.bodies(operation)[index])
  }

  @Test func minimumOfZeroTracksTheBacklogAndStartsTheFirstInstanceByAnAlarm() throws {
    let (fixture, outcome) = try scale(K.asynchronousRoutes, settings())
    #expect(
      fixture.writes == [
        "RegisterScalableTarget", "PutScalingPolicy", "PutScalingPolicy", "PutMetricAlarm",
      ])
    #expect(try body(fixture, "RegisterScalableTarget")["MinCapacity"] == 0)
    let tracking = try body(fixture, "PutScalingPolicy")["TargetTrackingScalingPolicyConfiguration"]
    #expect(tracking?["TargetValue"]?.doubleValue == 5)
    #expect(
      tracking?["CustomizedMetricSpecification"] == [
        "MetricName": "ApproximateBacklogSizePerInstance", "Namespace": "AWS/SageMaker",
        "Dimensions": [["Name": "EndpointName", "Value": "dogs"]], "Statistic": "Average",
      ])
    #expect(
      try body(fixture, "PutScalingPolicy", at: 1)["StepScalingPolicyConfiguration"] == [
        "AdjustmentType": "ChangeInCapacity", "Cooldown": 300,
        "StepAdjustments": [["MetricIntervalLowerBound": 0, "ScalingAdjustment": 1]],
      ])
    let alarm = try body(fixture, "PutMetricAlarm")
    #expect(alarm["AlarmName"]?.stringValue == K.alarmName)
    #expect(alarm["AlarmActions"] == [.string(K.policyARN)])
    #expect(alarm["MetricName"] == "HasBacklogWithoutCapacity")
    #expect(alarm["Dimensions"] == [["Name": "EndpointName", "Value": "dogs"]])
    #expect(alarm["Statistic"] == "Average")
    #expect(alarm["Period"] == 60)
    #expect(alarm["EvaluationPeriods"] == 2)
    #expect(alarm["DatapointsToAlarm"] == 2)
    #expect(alarm["Threshold"]?.doubleValue == 1)
    #expect(alarm["ComparisonOperator"] == "GreaterThanOrEqualToThreshold")
    #expect(alarm["TreatMissingData"] == "missing")
    #expect(outcome.differences.suffix(2).map(\.setting) == ["step policy", "alarm"])
    #expect(outcome.changeCount == 4)
  }

  @Test func secondRunChangesNothing() throws {
    let (fixture, outcome) = try scale(K.scaledRoutes, settings())
    #expect(fixture.writes.isEmpty)
    #expect(outcome.changeCount == 0)
  }

  @Test func alarmThatCallsAnotherPolicyIsPutAgain() throws {
    let (fixture, _) = try scale(
      K.scaledRoutes.merging(["DescribeAlarms": [K.alarms(K.alarm(action: "arn:deleted"))]]) { $1 },
      settings())
    #expect(fixture.writes == ["PutMetricAlarm"])
    #expect(try body(fixture, "PutMetricAlarm")["AlarmActions"] == [.string(K.policyARN)])
  }

  @Test func stepPolicyOfAnotherToolIsNotDoubled() throws {
    let theirs = K.step("stack-step", arn: "arn:theirs")
    let (fixture, _) = try scale(
      K.scaledRoutes.merging([
        "DescribeScalingPolicies": [
          .init(200, body: #"{"ScalingPolicies":[\#(K.tracking),\#(theirs)]}"#)
        ],
        "DescribeAlarms": [K.alarms(), K.alarms(K.alarm("stack-alarm", action: "arn:theirs"))],
      ]) { $1 }, settings())
    #expect(fixture.writes.isEmpty)
  }

  @Test func endpointThatAlwaysHasAnInstanceNeedsNoAlarm() throws {
    let (fixture, _) = try scale(K.asynchronousRoutes, settings(1, 4))
    #expect(fixture.writes == ["RegisterScalableTarget", "PutScalingPolicy"])
  }

  @Test func scheduledMinimumOfZeroNeedsTheAlarmToo() throws {
    var settings = settings(1, 4)
    settings.schedules = [
      try ScheduledBounds(schedule: "cron(0 20 * * ? *)", minimum: 0, maximum: 4)
    ]
    let (fixture, _) = try scale(
      K.asynchronousRoutes.merging(["PutScheduledAction": [.init(200, body: "{}")]]) { $1 },
      settings)
    #expect(fixture.writes.contains("PutMetricAlarm"))
  }

  @Test(arguments: [
    ScalingTarget.backlogPerInstance(0), .backlogPerInstance(.infinity), .utilization(0.05),
    .utilization(.nan),
  ])
  func targetsOutsideOfTheirRangeAreRefused(target: ScalingTarget) {
    #expect(throws: Refusal.self) { try settings(target: target).check() }
  }

  @Test func targetOfAnotherKindIsRefusedWithTheRightOne() throws {
    let invocations = ScalingTarget.invocations(try InvocationTarget(invocationsPerInstance: 70))
    let refusal = #expect(throws: Refusal.self) {
      try scale(K.asynchronousRoutes, settings(1, 4, target: invocations))
    }
    #expect(refusal?.reason.contains("does not publish") == true)
    #expect(refusal?.advice == "Set the target with --backlog-per-instance")
    let backlog = #expect(throws: Refusal.self) {
      try scale([:], settings(1, 4, target: .backlogPerInstance(5)))
    }
    #expect(backlog?.advice == "Set the target with --max-rps or --invocations-per-instance")
  }

  @Test func zeroIsRefusedForARealTimeEndpointBeforeAnyWrite() throws {
    let fixture = try EndpointFixture()
    let refusal = #expect(throws: Refusal.self) {
      try EndpointScaling.plan(settings(0, 4), with: fixture.client)
    }
    #expect(refusal?.message.contains("Only an asynchronous endpoint") == true)
    #expect(fixture.writes.isEmpty)
  }

  // MARK: The end

  @Test func endDeregistersThenDeletesTheAlarm() throws {
    let fixture = try EndpointFixture(K.scaledRoutes)
    let end = try EndpointScaling.end(endpointName: "dogs", variant: nil, with: fixture.client)
    #expect(fixture.writes == ["DeregisterScalableTarget", "DeleteAlarms"])
    #expect(end.deletedAlarm == K.alarmName)
    #expect(end.warnings.isEmpty)
  }

  @Test func alarmThatAnInterruptedEndHasLeftIsDeleted() throws {
    let fixture = try EndpointFixture(
      K.asynchronousRoutes.merging(["DescribeAlarms": [K.alarms(K.alarm())]]) { $1 })
    let end = try EndpointScaling.end(endpointName: "dogs", variant: nil, with: fixture.client)
    #expect(!end.wasScaled)
    #expect(fixture.writes == ["DeleteAlarms"])
  }

  @Test func alarmOfAnotherToolStaysAndIsReported() throws {
    let fixture = try EndpointFixture(
      K.scaledRoutes.merging([
        "DescribeAlarms": [K.alarms(K.alarm("theirs")), K.alarms()]
      ]) { $1 })
    let end = try EndpointScaling.end(endpointName: "dogs", variant: nil, with: fixture.client)
    #expect(fixture.writes == ["DeregisterScalableTarget"])
    #expect(end.warnings.count == 1)
    #expect(end.warnings.first?.contains("theirs") == true)
  }

  // MARK: Capacity

  @Test func noInstanceIsForAsynchronousEndpoints() throws {
    let fixture = try EndpointFixture(K.asynchronousRoutes)
    let result = try EndpointCapacity.setInstances(
      0, ofEndpoint: "dogs", variant: nil, with: fixture.client, waiter: nil)
    #expect(result.changed)
    #expect(result.warnings.first?.contains("endpoint autoscale --min 0") == true)
    let realTime = try EndpointFixture()
    #expect(throws: Refusal.self) {
      try EndpointCapacity.setInstances(
        0, ofEndpoint: "dogs", variant: nil, with: realTime.client, waiter: nil)
    }
    #expect(realTime.writes.isEmpty)
  }
}
