import Foundation

/// Scheduled actions of a plan as the schedules of Application Auto Scaling.
///
/// Source: <https://docs.aws.amazon.com/autoscaling/application/userguide/scheduled-scaling-using-cron-expressions.html>:
/// `cron(minutes hours day-of-month month day-of-week year)`, in UTC when no time zone is given, to the minute.
package struct DailyCron: Sendable, Hashable {
  /// `cron(50 7 * * ? *)`, or `at(2026-11-22T07:50:00)` for what happens once.
  package let expression: String
  /// Bounds from then on.
  package let minimum: Int
  /// Bounds from then on.
  package let maximum: Int

  /// - Parameter startUnixSeconds: the traffic's time zero; midnight when it is unknown.
  init(_ action: ScheduledAction, startUnixSeconds: Double?) {
    minimum = action.minimum
    maximum = action.maximum
    // Down to the minute: rather a moment early than late.
    let minutes = Int(((startUnixSeconds ?? 0) + action.at.inSeconds) / 60)
    let (hour, minute) = (minutes / 60 % 24, minutes % 60)
    if action.every == .seconds(86_400) {
      expression = "cron(\(minute) \(hour) * * ? *)"
    } else if let every = action.every {
      expression = "rate(\(max(1, Int(every.inSeconds / 60))) minutes)"
    } else {
      let date = Date(timeIntervalSince1970: Double(minutes) * 60)
      let text = date.formatted(.iso8601).dropLast()
      expression = "at(\(text))"
    }
  }

  /// As `inferencectl concurrency autoscale --schedule` takes it.
  package var argument: String { "\(expression) \(minimum)-\(maximum)" }
}
