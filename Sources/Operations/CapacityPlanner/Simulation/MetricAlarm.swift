/// A CloudWatch alarm of "M out of N" one-minute points whose missing data is treated as missing.
///
/// N or more real points in the evaluation range: the newest N real ones decide, gaps are skipped. Fewer: the real ones
/// count, and what is missing neither breaches nor clears. The premature rule raises the alarm, too, when the range
/// holds nothing but breaching and missing points and the oldest breaching one is at least M points old.
///
/// Source: <https://docs.aws.amazon.com/AmazonCloudWatch/latest/monitoring/alarms-and-missing-data.html>, whose example
/// table is `MetricAlarmTests`. Two points more than N are taken as the range: 5 for 3 is the table's.
struct MetricAlarm {
  private let evaluated: Int
  private let toAlarm: Int
  private let isPremature: Bool
  /// Whether each point of the range breaches, nil for a missing one; the newest last.
  private var range: [Bool?]

  init(_ toAlarm: Int, outOf evaluated: Int, isPremature: Bool = true) {
    (self.toAlarm, self.evaluated, self.isPremature) = (toAlarm, evaluated, isPremature)
    range = Array(repeating: nil, count: evaluated + 2)
  }

  /// Adds the newest point and returns whether the alarm is in ALARM.
  mutating func add(_ breaches: Bool?) -> Bool {
    range.removeFirst()
    range.append(breaches)
    let real = range.compactMap { $0 }
    if real.suffix(evaluated).filter({ $0 }).count >= toAlarm { return true }
    guard isPremature, real.count < evaluated, real.allSatisfy({ $0 }),
      let oldest = range.firstIndex(of: true)
    else { return false }
    return range.count - oldest >= toAlarm
  }
}
