import AWSControl
import ArgumentParser
import Concurrency
import Prices

struct ConcurrencyAutoscaleOn: ControlCommand {
  static let configuration = CommandConfiguration(
    commandName: "on", abstract: "Set bounds, target, and schedules (the default).",
    discussion: """
      Changes only what is given; everything else stays, also what another tool has set. --min and --max are required \
      for a qualifier that is not autoscaled yet. \(ScheduleOptions.discussion)

      Examples:
        inferencectl concurrency autoscale --function-name photo-classifier --qualifier live --min 1 --max 10
        inferencectl concurrency autoscale --function-name photo-classifier --qualifier live --max 20
      """)

  @OptionGroup var target: ProvisionedOptions
  @Option(help: "Minimum number of environments, 0 or more.")
  var min: Int?
  @Option(help: "Maximum number of environments.")
  var max: Int?
  @Option(
    name: .customLong("target"),
    help: ArgumentHelp(
      "Target utilization, 0.1 to 0.9 or 10% to 90% (default of a new policy: 70%).",
      valueName: "share"))
  var targetUtilization: ShareArgument?
  @OptionGroup var policy: PolicyOptions
  @OptionGroup var schedules: ScheduleOptions
  @OptionGroup var prices: PriceOption
  @OptionGroup var shared: SharedOptions

  func validate() throws {
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
    let bounds = outcome.bounds
    let tracked = outcome.tracking.map {
      ", target utilization \(Text.percent($0.target)) (policy \(outcome.policyName ?? ""))"
    }
    session.done(
      "\(name) \(outcome.changeCount == 0 ? "is already autoscaled" : "is autoscaled") between "
        + "\(bounds.minimum) and \(bounds.maximum) environments\(tracked ?? ""); "
        + "fixed monthly cost \(costs[0]) to \(costs[1])"
        + ScalingListing.differences(outcome),
      json: [
        "functionName": target.functionName, "qualifier": target.qualifier,
        "minimum": bounds.minimum, "maximum": bounds.maximum, "target": outcome.tracking?.target,
        "policy": outcome.policyName, "changes": outcome.changeCount,
        "differences": outcome.differences.map(ScalingListing.json),
        "deletedSchedules": outcome.deletedSchedules, "costPerMonthAtMinimum": plan.costs.least,
        "costPerMonthAtMaximum": plan.costs.most,
      ])
  }

  private func settings() throws -> ProvisionedAutoscaling.Settings {
    var settings = try ProvisionedAutoscaling.Settings(
      functionName: target.functionName, qualifier: target.qualifier, minimum: min, maximum: max,
      targetUtilization: targetUtilization?.value,
      schedules: schedules.bounds(minimum: min, maximum: max))
    settings.scaleInCooldownSeconds = policy.scaleInCooldown
    settings.scaleOutCooldownSeconds = policy.scaleOutCooldown
    settings.disablesScaleIn = policy.disablesScaleIn
    guard settings.changesSomething else {
      throw ValidationError("Pass what to change, for example --min, --max or --target.")
    }
    return settings
  }
}
