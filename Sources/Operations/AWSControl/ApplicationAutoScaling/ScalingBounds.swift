/// The least and the most capacity of a resource that is scaled.
package struct ScalingBounds: Sendable, Equatable {
  /// The least.
  package let minimum: Int
  /// The most, not less than the least.
  package let maximum: Int

  /// Bounds.
  ///
  /// - Parameter atLeast: what the resource needs: 0 for provisioned concurrency, 1 for instances.
  /// - Throws: `Refusal` for a minimum above the maximum, or below what the resource needs.
  package init(minimum: Int, maximum: Int, atLeast: Int = 0) throws(Refusal) {
    guard minimum >= atLeast else {
      throw Refusal("The minimum is \(minimum), and \(atLeast) is the least that is possible")
    }
    guard maximum >= max(minimum, 1) else {
      throw Refusal(
        "The maximum, \(maximum), is less than \(minimum < 1 ? "1" : "the minimum, \(minimum)")")
    }
    self.minimum = minimum
    self.maximum = maximum
  }
}

/// Bounds that hold from certain times on.
package struct ScheduledBounds: Sendable, Equatable {
  /// `at(…)`, `rate(…)` or `cron(…)` with six fields.
  package let schedule: String
  /// As `Europe/Berlin`; nil is UTC.
  package let timezone: String?
  /// The least from then on; 0 is possible for provisioned concurrency.
  package let minimum: Int
  /// The most from then on; 0 is possible for provisioned concurrency.
  package let maximum: Int

  /// Bounds from certain times on.
  ///
  /// - Throws: `Refusal` for a minimum above the maximum, or a schedule of another form.
  package init(
    schedule: String, timezone: String? = nil, minimum: Int, maximum: Int
  ) throws(Refusal) {
    guard Self.isSchedule(schedule) else {
      throw Refusal(
        "\(schedule) is no schedule",
        advice: "cron(minutes hours day-of-month month day-of-week year) has six fields; also "
          + "possible are rate(12 hours) and at(2027-01-31T08:00:00)")
    }
    guard minimum >= 0, maximum >= minimum else {
      throw Refusal("\(schedule): the maximum, \(maximum), is less than the minimum, \(minimum)")
    }
    self.schedule = schedule
    self.timezone = timezone
    self.minimum = minimum
    self.maximum = maximum
  }

  /// AWS checks the fields; here it is whether there are as many as there have to be.
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
