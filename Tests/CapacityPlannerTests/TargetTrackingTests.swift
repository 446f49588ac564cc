import CapacityPlanner
import Testing

/// Target tracking of provisioned concurrency, by hand. Requests of 1 s come at whole seconds, `n` at once, so each of
/// them sees 1, 2, … n busy environments: the minute's average utilization is (n + 1) / 2 / allocated.
@Suite struct TargetTrackingTests {
  private func tracked(
    _ tracking: TargetTracking, _ change: (inout Scenario) -> Void = { _ in }
  ) -> Scenario {
    scenario {
      $0.account.provisionedPreparation = .zero
      $0.function.duration = .constant(.milliseconds(999))
      $0.concurrency.provisioned = .autoscaled(tracking)
      change(&$0)
    }
  }

  private func bursts(of count: Int, seconds: Range<Int>) -> [Double] {
    seconds.flatMap { [Double](repeating: Double($0), count: count) }
  }

  private func provisionedByMinute(_ scenario: Scenario, _ times: [Double], minutes: Int) throws
    -> [Int]
  {
    try run(scenario, at: times, lasting: .seconds(60 * minutes), seriesPoints: minutes)
      .series.map { Int($0.provisioned.rounded()) }
  }

  @Test func itScalesOutAfterThreeMinutesAboveTheTargetInProportion() throws {
    let scenario = tracked(TargetTracking(minimum: 10, maximum: 100, target: 0.52))
    // Ten at once on ten environments: 0.55. From the fourth minute ceil(10 × 0.55 / 0.52) = 11; then 5.5 / 11 = 0.5
    // is not above the target.
    let numbers = try provisionedByMinute(scenario, bursts(of: 10, seconds: 0..<360), minutes: 6)
    #expect(numbers == [10, 10, 10, 11, 11, 11])
  }

  @Test func twoMinutesAboveTheTargetAreNotEnough() throws {
    let scenario = tracked(TargetTracking(minimum: 10, maximum: 100, target: 0.5))
    let times =
      bursts(of: 10, seconds: 0..<120) + bursts(of: 1, seconds: 120..<180)
      + bursts(of: 10, seconds: 180..<300)
    #expect(try provisionedByMinute(scenario, times, minutes: 5) == [10, 10, 10, 10, 10])
  }

  @Test func itNeverExceedsTheMaximum() throws {
    let scenario = tracked(TargetTracking(minimum: 2, maximum: 3, target: 0.1))
    let numbers = try provisionedByMinute(scenario, bursts(of: 2, seconds: 0..<300), minutes: 5)
    #expect(numbers == [2, 2, 2, 3, 3])
  }

  @Test func itScalesInAfterFifteenMinutesBelowNinetyPercentOfTheTarget() throws {
    var scenario = tracked(TargetTracking(minimum: 1, maximum: 100, target: 0.5))
    scenario.concurrency.provisioned?.initial = 20
    // One of twenty busy: 0.05. After the fifteenth minute a tenth leaves every minute.
    let numbers = try provisionedByMinute(scenario, bursts(of: 1, seconds: 0..<1080), minutes: 18)
    #expect(numbers == [Int](repeating: 20, count: 15) + [18, 17, 16])
  }

  @Test func itDoesNotScaleInBetweenNinetyPercentAndTheTarget() throws {
    var scenario = tracked(TargetTracking(minimum: 1, maximum: 100, target: 0.5))
    scenario.concurrency.provisioned?.initial = 10
    // (8 + 1) / 2 / 10 = 0.45 is not below 0.45.
    let numbers = try provisionedByMinute(scenario, bursts(of: 8, seconds: 0..<1200), minutes: 20)
    #expect(numbers == [Int](repeating: 10, count: 20))
  }

  @Test func oneQuietMinuteBeforeSilenceScalesInUntilItIsOutOfSight() throws {
    var scenario = tracked(TargetTracking(minimum: 1, maximum: 100, target: 0.5))
    scenario.concurrency.provisioned?.initial = 20
    // By the premature rule the low alarm is raised from the 15th to the 17th minute.
    let numbers = try provisionedByMinute(scenario, [0], minutes: 60)
    #expect(
      numbers == [Int](repeating: 20, count: 15) + [18, 17] + [Int](repeating: 16, count: 43))
  }

  @Test func withoutThePrematureRuleSilenceScalesNothingIn() throws {
    var scenario = tracked(TargetTracking(minimum: 1, maximum: 100, target: 0.5))
    scenario.concurrency.provisioned?.initial = 20
    scenario.assumptions.lowAlarmIsPremature = false
    let numbers = try provisionedByMinute(scenario, [0], minutes: 60)
    #expect(numbers == [Int](repeating: 20, count: 60))
  }

  @Test func twoHighMinutesAndAGapScaleOut() throws {
    let scenario = tracked(TargetTracking(minimum: 10, maximum: 100, target: 0.52))
    let times =
      bursts(of: 10, seconds: 0..<120) + bursts(of: 10, seconds: 180..<240)
    // Minutes 1 and 2 are high, minute 3 has no metric: the oldest high one is three minutes old, which is enough.
    // Minute 4 with eleven is not above the target any more.
    let numbers = try provisionedByMinute(scenario, times, minutes: 6)
    #expect(numbers == [10, 10, 10, 11, 11, 11])
  }

  @Test func theMetricsDelayIsWaitedFor() throws {
    var scenario = tracked(TargetTracking(minimum: 10, maximum: 100, target: 0.52))
    scenario.assumptions.metricDelay = .seconds(120)
    let numbers = try provisionedByMinute(scenario, bursts(of: 10, seconds: 0..<420), minutes: 7)
    // Two minutes later, and once too much: the minutes before the scale-out are still what the alarm sees.
    #expect(numbers == [10, 10, 10, 10, 10, 11, 12])
  }

  @Test func inTheCooldownOnlyALargerScaleOutFollows() throws {
    let tracking = TargetTracking(
      minimum: 10, maximum: 100, target: 0.52, scaleOutCooldown: .seconds(600))
    // One more at first. Then 12 at once, which would need 2 more (6.5 / 0.52 = 12.5): larger, so it may.
    let larger = bursts(of: 10, seconds: 0..<180) + bursts(of: 12, seconds: 180..<360)
    #expect(
      try provisionedByMinute(tracked(tracking), larger, minutes: 6) == [10, 10, 10, 11, 13, 13])
    // 11 at once would need 1 more (6 / 0.52 = 11.5): as large as before, so it may not.
    let equal = bursts(of: 10, seconds: 0..<180) + bursts(of: 11, seconds: 180..<360)
    #expect(
      try provisionedByMinute(tracked(tracking), equal, minutes: 6) == [10, 10, 10, 11, 11, 11])
  }

  @Test func whileEnvironmentsAreAllocatedNothingElseIsAskedFor() throws {
    let slow = tracked(TargetTracking(minimum: 10, maximum: 100, target: 0.1)) {
      $0.account.provisionedPreparation = .seconds(119)
    }
    // At 180 s it asks for ceil(10 × 0.55 / 0.1) = 55, which are there at about 300 s.
    let numbers = try provisionedByMinute(slow, bursts(of: 10, seconds: 0..<360), minutes: 6)
    #expect(numbers == [10, 10, 10, 10, 10, 55])
  }

  @Test func aMaximumStatisticFollowsBursts() throws {
    let scenario = tracked(
      TargetTracking(minimum: 10, maximum: 100, target: 0.9, statistic: .maximum))
    // All ten busy at the last of each burst: 1.0 instead of 0.55; ceil(10 / 0.9) = 12.
    let numbers = try provisionedByMinute(scenario, bursts(of: 10, seconds: 0..<240), minutes: 4)
    #expect(numbers == [10, 10, 10, 12])
  }
}
