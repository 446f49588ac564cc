import CapacityPlanner
import Testing

/// The endpoint and the function that waits for it, by hand.
@Suite struct EndpointTests {
  /// 100 ms in the function, then a second at the endpoint.
  private func calling(_ change: (inout EndpointModel) -> Void = { _ in }) -> Scenario {
    scenario {
      var endpoint = EndpointModel(serviceTime: .constant(.seconds(1)))
      change(&endpoint)
      $0.endpoint = endpoint
    }
  }

  @Test func theFunctionWaitsForTheInstancesQueue() throws {
    // The second reaches the endpoint at 0.3 s and is served from 1.1 to 2.1 s.
    let outcome = try run(calling(), at: [0, 0.2])
    #expect(outcome.latency.minimum == .milliseconds(1100))
    #expect(outcome.latency.maximum == .milliseconds(1900))
    #expect(outcome.billed.onDemandMilliseconds == 1100 + 1900)
  }

  @Test func workersOfAnInstanceServeSideBySide() throws {
    let outcome = try run(calling { $0.workersPerInstance = 2 }, at: [0, 0.2, 0.4])
    // The third waits for the first: 0.5 s until 1.1 s, then a second.
    #expect(outcome.latency.maximum == .milliseconds(1700))
  }

  @Test func theLeastLoadedInstanceTakesTheRequest() throws {
    let balanced = calling {
      $0.instances = 3
      $0.routing = .leastOutstanding
    }
    #expect(try run(balanced, at: [0, 0.2, 0.4]).latency.maximum == .milliseconds(1100))
  }

  @Test func aQueueLongerThanTheTimeoutIsAFunctionError() throws {
    let short = scenario {
      $0.function.timeout = .seconds(2)
      $0.endpoint = EndpointModel(serviceTime: .constant(.seconds(1)))
    }
    // The third would end after 3.1 s. Its request stays in the queue, so the fourth waits behind it: 3.1 … 4.1 s.
    let outcome = try run(short, at: [0, 0, 0, 2.5])
    #expect(outcome.timeouts == 2)
    #expect(outcome.failed == 2)
    #expect(outcome.completed == 2)
    #expect(outcome.latency.maximum == .milliseconds(2000) || outcome.latency.count == 2)
  }

  @Test func theEndpointAnswersWithinSixtySecondsOrFails() throws {
    let slow = scenario {
      $0.function.timeout = .seconds(900)
      $0.endpoint = EndpointModel(serviceTime: .constant(.seconds(61)))
    }
    let outcome = try run(slow, at: [0])
    #expect(outcome.failed == 1)
    #expect(outcome.timeouts == 0)
    #expect(outcome.billed.onDemandMilliseconds == 60_100)
  }

  /// Instances, by minute.
  private func instances(
    _ endpoint: EndpointModel, _ times: [Double], minutes: Int
  ) throws -> [Int] {
    let scenario = scenario { $0.endpoint = endpoint }
    return try run(scenario, at: times, lasting: .seconds(60 * minutes), seriesPoints: minutes)
      .series.map { Int($0.instances.rounded()) }
  }

  private func scaling(_ tracking: TargetTracking, from count: Int, launch: Duration)
    -> EndpointModel
  {
    EndpointModel(
      serviceTime: .constant(.milliseconds(10)), instances: count, tracking: tracking,
      launchDelay: launch)
  }

  @Test func instancesFollowTheInvocationsPerInstanceAfterTheLaunchDelay() throws {
    let tracking = TargetTracking(minimum: 1, maximum: 10, target: 100)
    // 240 a minute: after the third ceil(2.4) = 3, in service two minutes later.
    let numbers = try instances(
      scaling(tracking, from: 1, launch: .seconds(120)), evenly(4, from: 0, for: 480), minutes: 8)
    #expect(numbers == [1, 1, 1, 1, 1, 3, 3, 3])
  }

  @Test func withoutTrafficAnEndpointScalesInToItsMinimum() throws {
    let tracking = TargetTracking(minimum: 1, maximum: 10, target: 100)
    let numbers = try instances(scaling(tracking, from: 3, launch: .zero), [0], minutes: 20)
    // SageMaker emits zeros; after 15 of them one instance leaves each minute.
    #expect(numbers == [Int](repeating: 3, count: 15) + [2, 1, 1, 1, 1])
  }

  @Test func theScaleInCooldownSeparatesScaleIns() throws {
    let tracking = TargetTracking(
      minimum: 1, maximum: 10, target: 100, scaleInCooldown: .seconds(180))
    let numbers = try instances(scaling(tracking, from: 3, launch: .zero), [0], minutes: 20)
    #expect(numbers == [Int](repeating: 3, count: 15) + [2, 2, 2, 1, 1])
  }

  @Test func theMaximumOfInstancesHolds() throws {
    let tracking = TargetTracking(minimum: 1, maximum: 2, target: 10)
    let numbers = try instances(
      scaling(tracking, from: 1, launch: .zero), evenly(4, from: 0, for: 300), minutes: 5)
    #expect(numbers == [1, 1, 1, 2, 2])
  }

  @Test func anInstanceThatLeavesFinishesItsQueue() throws {
    let tracking = TargetTracking(minimum: 1, maximum: 3, target: 1000)
    let draining = scenario {
      $0.function.duration = .constant(.zero)
      $0.function.timeout = .seconds(60)
      $0.endpoint = EndpointModel(
        serviceTime: .constant(.seconds(30)), routing: .leastOutstanding, instances: 2,
        tracking: tracking)
    }
    // Two requests run when the second instance leaves at 900 s.
    let outcome = try run(draining, at: [0, 890, 890], lasting: .seconds(960))
    #expect(outcome.completed == 3)
    #expect(outcome.latency.maximum == .seconds(30))
  }

  @Test func instancesAreBilledFromTheirLaunch() throws {
    let tracking = TargetTracking(minimum: 1, maximum: 2, target: 10)
    let scenario = scenario { $0.endpoint = scaling(tracking, from: 1, launch: .seconds(60)) }
    let outcome = try run(scenario, at: evenly(4, from: 0, for: 360), lasting: .seconds(360))
    // One for 6 min, another from 3 min on.
    #expect(abs(outcome.billed.instanceHours - (6.0 + 3) / 60) < 1e-9)
  }
}
