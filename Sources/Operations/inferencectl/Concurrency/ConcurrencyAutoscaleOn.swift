import AWSControl
import ArgumentParser
import Concurrency
import Prices

/// `inferencectl concurrency autoscale --min … --max …`
struct ConcurrencyAutoscaleOn: ControlCommand {
  static let configuration = CommandConfiguration(
    commandName: "on", abstract: "Sets bounds, target and schedules (the default).",
    discussion: """
      A schedule is cron(minutes hours day-of-month month day-of-week year), rate(…) or at(…), and sets the bounds \
      from that time on: those behind it, "cron(0 20 * * ? *) 0-2", or else --min and --max. Schedules given here \
      replace those of an earlier run; without any, they stay.
      """)

  @OptionGroup var target: ProvisionedOptions
  @Option(help: "The least environments; 0 is possible.")
  var min: Int
  @Option(help: "The most environments.")
  var max: Int
  @Option(
    name: .customLong("target"),
    help: ArgumentHelp("The share that shall be in use, 0.1 to 0.9.", valueName: "share"))
  var targetUtilization = 0.7
  @Option(help: "Bounds at certain times; can be given several times.")
  var schedule: [String] = []
  @Option(
    help: ArgumentHelp(
      "The schedules' time zone, as Europe/Berlin (default: UTC).", valueName: "zone"))
  var timezone: String?
  @Flag(help: "Delete the schedules of earlier runs.")
  var removeSchedules = false
  @OptionGroup var prices: PriceOption
  @OptionGroup var shared: SharedOptions

  func validate() throws {
    if timezone != nil, schedule.isEmpty {
      throw ValidationError("--timezone is for --schedule, and there is none.")
    }
    if removeSchedules, !schedule.isEmpty {
      throw ValidationError(
        "--schedule replaces earlier ones; --remove-schedules is for having none.")
    }
    do { _ = try settings() } catch let refusal as Refusal {
      throw ValidationError(refusal.message)
    }
  }

  func run(in session: Session) throws {
    let client = try session.client()
    let plan = try ProvisionedAutoscaling.plan(
      try settings(), prices: ProvisionedPrices(prices.load()), with: client)
    session.warn(plan.warnings)
    let outcome = try ProvisionedAutoscaling.apply(plan, with: client)
    let name = "\(target.functionName):\(target.qualifier)"
    let costs = [plan.costs.least, plan.costs.most].map(ProvisionedPrices.text)
    session.reportDone(
      "\(name) \(outcome.changeCount == 0 ? "is already scaled" : "is scaled") between \(min) and \(max) environments, "
        + "target \(Text.percent(targetUtilization)) in use (policy \(outcome.policyName)); "
        + "\(costs[0]) to \(costs[1]) a month at rest",
      json: [
        "functionName": target.functionName, "qualifier": target.qualifier, "minimum": min,
        "maximum": max, "target": targetUtilization, "policy": outcome.policyName,
        "changes": outcome.changeCount, "deletedSchedules": outcome.deletedSchedules,
        "costPerMonthAtMinimum": plan.costs.least, "costPerMonthAtMaximum": plan.costs.most,
      ])
  }

  private func settings() throws -> ProvisionedAutoscaling.Settings {
    let bounds = try ScalingBounds(minimum: min, maximum: max)
    return try ProvisionedAutoscaling.Settings(
      functionName: target.functionName, qualifier: target.qualifier, bounds: bounds,
      targetUtilization: targetUtilization,
      schedules: schedule.isEmpty
        ? (removeSchedules ? [] : nil) : try schedule.map { try scheduled($0, bounds) })
  }

  /// `cron(…)`, or `cron(…) MIN-MAX`.
  private func scheduled(_ text: String, _ bounds: ScalingBounds) throws -> ScheduledBounds {
    guard let end = text.lastIndex(of: ")") else {
      return try ScheduledBounds(schedule: text, minimum: 0, maximum: 0)
    }
    let rest = text[text.index(after: end)...].drop { $0 == " " }
    let numbers = rest.split(separator: "-", omittingEmptySubsequences: false)
    let own = numbers.compactMap { Int($0) }
    guard rest.isEmpty || (numbers.count == 2 && own.count == 2) else {
      throw ValidationError(
        "\(text): behind the schedule stand its bounds, as 0-2, and not \(rest).")
    }
    return try ScheduledBounds(
      schedule: String(text[...end]), timezone: timezone,
      minimum: own.first ?? bounds.minimum, maximum: own.last ?? bounds.maximum)
  }
}
