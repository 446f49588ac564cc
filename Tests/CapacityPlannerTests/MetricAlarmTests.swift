import Testing

@testable import CapacityPlanner

/// The example table of CloudWatch's guide: `X` breaches, `0` does not, `-` is missing; the newest is on the right.
@Suite struct MetricAlarmTests {
  private func isInAlarm(_ points: String, _ alarm: MetricAlarm) -> Bool {
    var alarm = alarm
    var state = false
    for point in points where point != " " {
      state = alarm.add(point == "-" ? nil : point == "X")
    }
    return state
  }

  @Test(arguments: [
    ("0 - X - X", false), ("0 X X - X", true), ("- - X - -", true), ("- - - X -", false),
    ("- - - - X", false), ("0 - - - -", false), ("- - - - -", false), ("X X X 0 -", false),
    ("0 0 X X X", true),
  ])
  func threeOfThreePoints(points: String, isAlarm: Bool) {
    #expect(isInAlarm(points, MetricAlarm(3, outOf: 3)) == isAlarm)
  }

  @Test(arguments: [("0 - X - X", true), ("0 - X - -", false), ("- - - X -", true)])
  func twoOfThreePoints(points: String, isAlarm: Bool) {
    #expect(isInAlarm(points, MetricAlarm(2, outOf: 3)) == isAlarm)
  }

  @Test func withoutThePrematureRuleOnePointIsNotEnough() {
    #expect(!isInAlarm("- - X - -", MetricAlarm(3, outOf: 3, isPremature: false)))
  }
}
