import AWSControl
import ArgumentParser

/// Scheduled bounds of an autoscaled resource.
struct ScheduleOptions: ParsableArguments {
  @Option(help: "Scheduled bounds, for example \"cron(0 20 * * ? *) 0-2\"; repeat for more.")
  var schedule: [String] = []
  @Option(
    help: ArgumentHelp(
      "Time zone of the schedules, for example Europe/Berlin (default: UTC).", valueName: "zone"))
  var timezone: TimeZoneArgument?
  @Flag(help: "Delete the schedules of earlier runs.")
  var removeSchedules = false

  /// Explains `--schedule`, for a command's discussion.
  static let discussion = """
    A schedule is cron(minutes hours day-of-month month day-of-week year), rate(…) or at(…), followed by the \
    bounds from then on, for example "cron(0 20 * * ? *) 0-2" (default: --min and --max). Schedules replace \
    those of an earlier run; without --schedule those stay.
    """

  func validate() throws {
    if timezone != nil, schedule.isEmpty {
      throw ValidationError("--timezone requires --schedule.")
    }
    if removeSchedules, !schedule.isEmpty {
      throw ValidationError(
        "--schedule and --remove-schedules exclude each other: --schedule replaces earlier schedules."
      )
    }
  }

  /// The schedules; nil leaves the present ones.
  ///
  /// - Throws: `ValidationError` or `Refusal` for a schedule of another form, or without bounds when
  ///   `--min` and `--max` are not given either.
  func bounds(minimum: Int?, maximum: Int?) throws -> [ScheduledBounds]? {
    if schedule.isEmpty { return removeSchedules ? [] : nil }
    return try schedule.map { try scheduled($0, minimum, maximum) }
  }

  /// `cron(…)`, or `cron(…) MIN-MAX`.
  private func scheduled(
    _ text: String, _ minimum: Int?, _ maximum: Int?
  ) throws -> ScheduledBounds {
    guard let end = text.lastIndex(of: ")") else {
      return try ScheduledBounds(schedule: text, minimum: 0, maximum: 0)
    }
    let rest = text[text.index(after: end)...].drop { $0 == " " }
    let numbers = rest.split(separator: "-", omittingEmptySubsequences: false)
    let own = numbers.compactMap { Int($0) }
    guard rest.isEmpty || (numbers.count == 2 && own.count == 2) else {
      throw ValidationError(
        "\(text): the schedule must be followed by bounds such as 0-2, not \(rest).")
    }
    guard let minimum = own.first ?? minimum, let maximum = own.last ?? maximum else {
      throw ValidationError("\(text): add bounds such as 0-2, or use --min and --max.")
    }
    return try ScheduledBounds(
      schedule: String(text[...end]), timezone: timezone?.name, minimum: minimum, maximum: maximum)
  }
}
