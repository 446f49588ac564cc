/// The minimum and maximum capacity of a scaled resource.
package struct ScalingBounds: Sendable, Equatable {
  package let minimum: Int
  /// At least the minimum.
  package let maximum: Int

  /// Bounds.
  ///
  /// - Parameter atLeast: the resource's lowest minimum; see `ScalingChange`.
  /// - Throws: `Refusal` for a minimum above the maximum, or below `atLeast`.
  package init(minimum: Int, maximum: Int, atLeast: Int = 0) throws(Refusal) {
    guard minimum >= atLeast else {
      throw Refusal("The minimum is \(minimum) and must be at least \(atLeast)")
    }
    guard maximum >= max(minimum, 1) else {
      throw Refusal(
        "The maximum is \(maximum) and must be at least \(minimum < 1 ? "1" : "the minimum, \(minimum)")"
      )
    }
    self.minimum = minimum
    self.maximum = maximum
  }
}

/// Bounds that take effect on a schedule.
package struct ScheduledBounds: Sendable, Equatable {
  /// `at(…)`, `rate(…)` or `cron(…)` with six fields.
  package let schedule: String
  /// For example `Europe/Berlin`; nil is UTC.
  package let timezone: String?
  /// The minimum from then on; may be 0 where the resource's minimum may.
  package let minimum: Int
  /// The maximum from then on; may be 0 where the resource's minimum may.
  package let maximum: Int

  /// Scheduled bounds.
  ///
  /// - Throws: `Refusal` for a minimum above the maximum, or a schedule of another form.
  package init(
    schedule: String, timezone: String? = nil, minimum: Int, maximum: Int
  ) throws(Refusal) {
    guard Self.isSchedule(schedule) else {
      throw Refusal(
        "\(schedule) is not a schedule",
        advice: "Use cron(minutes hours day-of-month month day-of-week year), rate(12 hours) "
          + "or at(2027-01-31T08:00:00)")
    }
    guard minimum >= 0, maximum >= minimum else {
      throw Refusal(
        "\(schedule): the maximum, \(maximum), must be at least the minimum, \(minimum)")
    }
    self.schedule = schedule
    self.timezone = timezone
    self.minimum = minimum
    self.maximum = maximum
  }

  /// Checks the number of fields; AWS checks the fields themselves.
  private static func isSchedule(_ text: String) -> Bool {
    let parts = text.split(separator: "(", maxSplits: 1)
    guard parts.count == 2, parts[1].last == ")" else { return false }
    let fields = parts[1].dropLast().split(separator: " ")
    switch parts[0] {
    case "cron": return fields.count == 6
    case "rate": return fields.count == 2 && Int(fields[0]).map { $0 > 0 } ?? false
    case "at": return fields.count == 1
    default: return false
    }
  }
}
