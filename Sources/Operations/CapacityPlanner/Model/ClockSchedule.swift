import Foundation

/// Amounts by the hour of the clock and the day of the week, as Application Auto Scaling's `cron` schedules set them.
///
/// Source: <https://docs.aws.amazon.com/autoscaling/application/userguide/scheduled-scaling-using-cron-expressions.html>:
/// `cron(minutes hours day-of-month month day-of-week year)`.
package struct ClockSchedule: Sendable, Hashable {
  /// An amount from a time of the day on, on some days of the week.
  package struct Entry: Sendable, Hashable {
    package let minuteOfDay: Int
    /// 1 is Sunday, 7 is Saturday, as in AWS's `cron` and in Foundation's calendars.
    package let days: Set<Int>
    package let amount: Int

    /// `cron(50 7 ? * MON-FRI *)`
    package var expression: String {
      let time = "\(minuteOfDay % 60) \(minuteOfDay / 60)"
      return days.count == 7 ? "cron(\(time) * * ? *)" : "cron(\(time) ? * \(Self.name(days)) *)"
    }

    /// As `inferencectl concurrency autoscale --schedule` takes it.
    package var argument: String { "\(expression) \(amount)-\(amount)" }

    private static func name(_ days: Set<Int>) -> String {
      let names = ["SUN", "MON", "TUE", "WED", "THU", "FRI", "SAT"]
      let sorted = days.sorted()
      guard let first = sorted.first, let last = sorted.last, last - first == sorted.count - 1,
        sorted.count > 2
      else { return sorted.map { names[$0 - 1] }.joined(separator: ",") }
      return "\(names[first - 1])-\(names[last - 1])"
    }
  }

  /// Time zone of the clock, such as `Europe/Berlin`.
  package let timeZoneIdentifier: String
  package let entries: [Entry]

  /// How long before a busier hour its amount is set: provisioned concurrency takes a minute or two, and more for many.
  static let lead = 10

  /// - Parameter amounts: what each hour needs, by the day of the week (1 is Sunday) and the hour.
  init(_ amounts: [Int: [Int]], timeZoneIdentifier: String) {
    self.timeZoneIdentifier = timeZoneIdentifier
    var days: [[Int]: Set<Int>] = [:]
    for day in 1...7 {
      let dayBefore = day == 1 ? 7 : day - 1
      for hour in 0..<24 {
        guard let amount = amounts[day]?[hour],
          let before = hour == 0 ? amounts[dayBefore]?[23] : amounts[day]?[hour - 1],
          amount != before
        else { continue }
        // More comes before the hour, less at its beginning: the busy hour keeps what it needs to its end.
        let minute = hour * 60 - (amount > before ? Self.lead : 0)
        let isDayBefore = minute < 0
        days[[isDayBefore ? minute + 1440 : minute, amount], default: []].insert(
          isDayBefore ? dayBefore : day)
      }
    }
    entries = days.map { Entry(minuteOfDay: $0.key[0], days: $0.value, amount: $0.key[1]) }
      .sorted { ($0.minuteOfDay, $0.days.min() ?? 0) < ($1.minuteOfDay, $1.days.min() ?? 0) }
  }

  /// The actions within a traffic, and the amount at its beginning.
  ///
  /// - Parameter startUnixSeconds: the traffic's time zero; midnight of a Monday where it is unknown.
  func actions(
    startUnixSeconds: Double?, duration: Duration, initial: Int
  ) -> (initial: Int, actions: [ScheduledAction]) {
    var calendar = Calendar(identifier: .gregorian)
    calendar.timeZone = TimeZone(identifier: timeZoneIdentifier) ?? .gmt
    // 1970-01-05 was a Monday.
    let start = Date(timeIntervalSince1970: startUnixSeconds ?? 345_600)
    let end = start.addingTimeInterval(duration.inSeconds)
    guard var day = calendar.date(byAdding: .day, value: -8, to: calendar.startOfDay(for: start))
    else { return (initial, []) }
    var moments: [(at: TimeInterval, amount: Int)] = []
    while day < end, let next = calendar.date(byAdding: .day, value: 1, to: day) {
      let weekday = calendar.component(.weekday, from: day)
      for entry in entries where entry.days.contains(weekday) {
        let moment = calendar.date(
          bySettingHour: entry.minuteOfDay / 60, minute: entry.minuteOfDay % 60, second: 0, of: day)
        if let moment { moments.append((moment.timeIntervalSince(start), entry.amount)) }
      }
      day = next
    }
    moments.sort { $0.at < $1.at }
    let atStart = moments.last { $0.at <= 0 }?.amount ?? initial
    return (
      atStart,
      moments.filter { $0.at > 0 && $0.at < duration.inSeconds }.map {
        ScheduledAction(at: .seconds($0.at), minimum: $0.amount, maximum: $0.amount)
      }
    )
  }
}
