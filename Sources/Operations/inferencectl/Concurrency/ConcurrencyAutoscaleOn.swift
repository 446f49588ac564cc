import AWSControl
import ArgumentParser
import Concurrency
import Prices

struct ConcurrencyAutoscaleOn: ControlCommand {
  static let configuration = CommandConfiguration(
    commandName: "on", abstract: "Set bounds, target, and schedules (the default).",
    discussion: """
      A schedule is cron(minutes hours day-of-month month day-of-week year), rate(…) or at(…), followed by the \
      bounds from then on, for example "cron(0 20 * * ? *) 0-2" (default: --min and --max). Schedules replace \
      those of an earlier run; without --schedule those stay.
      """)

  @OptionGroup var target: ProvisionedOptions
  @Option(help: "Minimum number of environments, 0 or more.")
  var min: Int
  @Option(help: "Maximum number of environments.")
  var max: Int
  @Option(
    name: .customLong("target"),
    help: ArgumentHelp("Target utilization, 0.1 to 0.9.", valueName: "share"))
  var targetUtilization = 0.7
  @Option(help: "Scheduled bounds, for example cron(0 20 * * ? *) 0-2; repeat for more.")
  var schedule: [String] = []
  @Option(
    help: ArgumentHelp(
      "Time zone of the schedules, for example Europe/Berlin (default: UTC).", valueName: "zone"))
  var timezone: String?
  @Flag(help: "Delete the schedules of earlier runs.")
  var removeSchedules = false
  @OptionGroup var prices: PriceOption
  @OptionGroup var shared: SharedOptions

  func validate() throws {
    if timezone != nil, schedule.isEmpty {
      throw ValidationError("--timezone requires --schedule.")
    }
    if removeSchedules, !schedule.isEmpty {
      throw ValidationError(
        "--schedule and --remove-schedules exclude each other: --schedule replaces earlier schedules."
      )
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
    session.done(
      "\(name) \(outcome.changeCount == 0 ? "is already autoscaled" : "is autoscaled") between \(min) and \(max) environments, "
        + "target utilization \(Text.percent(targetUtilization)) (policy \(outcome.policyName)); "
        + "fixed monthly cost \(costs[0]) to \(costs[1])",
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
        "\(text): the schedule must be followed by bounds such as 0-2, not \(rest).")
    }
    return try ScheduledBounds(
      schedule: String(text[...end]), timezone: timezone,
      minimum: own.first ?? bounds.minimum, maximum: own.last ?? bounds.maximum)
  }
}
