import AWSControl
import Prices

/// Autoscaling of a version's or alias's provisioned concurrency by its utilization.
///
/// Source: https://docs.aws.amazon.com/lambda/latest/dg/provisioned-concurrency.html
package enum ProvisionedAutoscaling {
  /// The metric that is tracked.
  package static let metric = "LambdaProvisionedConcurrencyUtilization"

  /// The desired scaling.
  package struct Settings: Sendable {
    package let functionName: String
    /// An alias, or a version's number.
    package let qualifier: String
    /// The bounds; the minimum may be 0.
    package let bounds: ScalingBounds
    /// The target utilization, 0.1 to 0.9.
    package let targetUtilization: Double
    /// Scheduled bounds; nil leaves the present ones.
    package let schedules: [ScheduledBounds]?

    /// Settings; see the properties.
    ///
    /// - Throws: `Refusal` for a target outside of 0.1 to 0.9.
    package init(
      functionName: String, qualifier: String, bounds: ScalingBounds,
      targetUtilization: Double = 0.7, schedules: [ScheduledBounds]? = nil
    ) throws {
      guard (0.1...0.9).contains(targetUtilization) else {
        throw Refusal("The target utilization is \(targetUtilization) and must be 0.1 to 0.9")
      }
      self.functionName = functionName
      self.qualifier = qualifier
      self.bounds = bounds
      self.targetUtilization = targetUtilization
      self.schedules = schedules
    }
  }

  package struct Plan: Sendable {
    let wish: ScalingWish
    let state: ScalingState?
    /// Dollars a month at minimum and at maximum capacity.
    package let costs: (least: Double, most: Double)
    /// Warnings to print before the change.
    package let warnings: [String]
  }

  /// Checks whether the change is possible, and what it means and costs. About eight reads.
  ///
  /// - Throws: `Refusal` like `Provisioning.plan`, for the maximum.
  package static func plan(
    _ settings: Settings, prices: ProvisionedPrices, with client: ControlClient
  ) throws -> Plan {
    let target = try ProvisioningTarget.read(
      functionName: settings.functionName, qualifier: settings.qualifier, with: client)
    let present = try client.readIfPresent(
      GetProvisionedConcurrencyConfig(
        functionName: settings.functionName, qualifier: settings.qualifier),
      absent: .noProvisionedConcurrency)
    let limits = try ConcurrencyLimits.read(functionName: settings.functionName, with: client)
    let others = target.others.map(\.requested).reduce(0, +)
    let most = max(settings.bounds.maximum, settings.schedules?.map(\.maximum).max() ?? 0)
    try limits.check(provisioned: most + others, present: (present?.requested ?? 0) + others)
    let resource = resource(settings.functionName, settings.qualifier)
    let state = try ScalingState.read([resource], with: client)[resource.resourceID]
    let cost = { (environments: Int) in
      prices.perMonth(
        environments: environments, memoryMegabytes: target.configuration.memorySize ?? 128,
        architecture: target.configuration.architecture)
    }
    return Plan(
      wish: ScalingWish(
        resource: resource, bounds: settings.bounds,
        tracking: TargetTracking(
          predefinedMetric: metric, target: settings.targetUtilization),
        schedules: settings.schedules),
      state: state, costs: (cost(settings.bounds.minimum), cost(settings.bounds.maximum)),
      warnings: warnings(settings, state))
  }

  /// Applies the plan; repeating it changes nothing.
  package static func apply(
    _ plan: Plan, with client: ControlClient
  ) throws -> ScalingWish.Outcome {
    try plan.wish.apply(over: plan.state, with: client)
  }

  /// Ends the scaling; provisioned environments stay and are billed.
  ///
  /// - Returns: whether it was scaled.
  package static func end(
    ofFunction functionName: String, qualifier: String, with client: ControlClient
  ) throws -> Bool {
    try client.endScaling(of: resource(functionName, qualifier))
  }

  static func resource(_ functionName: String, _ qualifier: String) -> ScalableResource {
    .provisionedConcurrency(
      functionName: FunctionName.bare(functionName), qualifier: qualifier)
  }

  private static func warnings(_ settings: Settings, _ state: ScalingState?) -> [String] {
    var warnings: [String] = []
    let bounds = settings.bounds
    let maxima =
      settings.schedules?.map(\.maximum)
      ?? state?.schedules.compactMap(\.maximumCapacity) ?? []
    // Only a schedule that lowers the maximum removes capacity from an alias without invocations.
    if bounds.minimum < bounds.maximum, !maxima.contains(where: { $0 <= bounds.minimum }) {
      warnings.append(
        "Without invocations \(settings.qualifier) has no utilization metric and does not scale in: capacity that a burst "
          + "added, up to \(bounds.maximum), stays until the next invocations. To scale in, add a schedule: "
          + "--schedule \"cron(0 20 * * ? *) \(bounds.minimum)-\(bounds.minimum)\"")
    }
    if let target = state?.target {
      let suspended = [
        target.scaleInIsSuspended ? "scaling in" : nil,
        target.scaleOutIsSuspended ? "scaling out" : nil,
        target.schedulesAreSuspended ? "the schedules" : nil,
      ].compactMap { $0 }
      if !suspended.isEmpty {
        warnings.append("Suspended, and stays suspended: \(suspended.joined(separator: ", "))")
      }
    }
    return warnings
  }
}
