import AWSControl
import Prices

/// Autoscaling of a version's or alias's provisioned concurrency by its utilization.
///
/// Source: https://docs.aws.amazon.com/lambda/latest/dg/provisioned-concurrency.html
package enum ProvisionedAutoscaling {
  /// The metric that is tracked.
  package static let metric = "LambdaProvisionedConcurrencyUtilization"

  /// A change of the scaling; what is nil stays.
  package struct Settings: Sendable {
    package let functionName: String
    /// An alias, or a version's number.
    package let qualifier: String
    /// 0 or more.
    package var minimum: Int?
    package var maximum: Int?
    /// The target utilization, 0.1 to 0.9; 0.7 for a new policy.
    package let targetUtilization: Double?
    package var scaleInCooldownSeconds: Int?
    package var scaleOutCooldownSeconds: Int?
    package var disablesScaleIn: Bool?
    /// Scheduled bounds; nil leaves the present ones.
    package let schedules: [ScheduledBounds]?

    /// Settings; see the properties.
    ///
    /// - Throws: `Refusal` for a target outside of 0.1 to 0.9.
    package init(
      functionName: String, qualifier: String, minimum: Int? = nil, maximum: Int? = nil,
      targetUtilization: Double? = nil, schedules: [ScheduledBounds]? = nil
    ) throws {
      if let targetUtilization, !(0.1...0.9).contains(targetUtilization) {
        throw Refusal("The target utilization is \(targetUtilization) and must be 0.1 to 0.9")
      }
      if let minimum, let maximum { _ = try ScalingBounds(minimum: minimum, maximum: maximum) }
      self.functionName = functionName
      self.qualifier = qualifier
      self.minimum = minimum
      self.maximum = maximum
      self.targetUtilization = targetUtilization
      self.schedules = schedules
    }

    /// Whether anything is given.
    package var changesSomething: Bool { change.changesSomething }

    var change: ScalingChange {
      var tracking = TrackingChange(metric: .predefined(metric), initial: (0.7, nil, nil))
      tracking.target = targetUtilization
      tracking.scaleInCooldownSeconds = scaleInCooldownSeconds
      tracking.scaleOutCooldownSeconds = scaleOutCooldownSeconds
      tracking.disablesScaleIn = disablesScaleIn
      return ScalingChange(
        resource: resource(functionName, qualifier), lowestMinimum: 0, minimum: minimum,
        maximum: maximum, tracking: tracking, schedules: schedules)
    }
  }

  package struct Plan: Sendable {
    let change: ScalingChange
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
    let reads = ReadGroup(client)
    let presentRead = reads.addIfPresent(
      GetProvisionedConcurrencyConfig(
        functionName: settings.functionName, qualifier: settings.qualifier),
      absent: .noProvisionedConcurrency)
    let limits = ConcurrencyLimits.read(functionName: settings.functionName, in: reads)
    try reads.run()
    let present = try presentRead.get()
    let resource = resource(settings.functionName, settings.qualifier)
    let state = try ScalingState.read([resource], with: client)[resource.resourceID]
    let change = settings.change
    let bounds = try change.bounds(over: state)
    let others = target.others.map(\.requested).reduce(0, +)
    let most = max(bounds.maximum, settings.schedules?.map(\.maximum).max() ?? 0)
    try limits().check(provisioned: most + others, present: (present?.requested ?? 0) + others)
    let cost = { (environments: Int) in
      prices.perMonth(
        environments: environments, memoryMegabytes: target.configuration.memorySize ?? 128,
        architecture: target.configuration.architecture)
    }
    return Plan(
      change: change, state: state, costs: (cost(bounds.minimum), cost(bounds.maximum)),
      warnings: warnings(settings, bounds, state))
  }

  /// Applies the plan; repeating it changes nothing.
  package static func apply(
    _ plan: Plan, with client: ControlClient
  ) throws -> ScalingChange.Outcome {
    try plan.change.apply(over: plan.state, with: client)
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

  /// Suspends or resumes parts of the scaling.
  ///
  /// - Throws: `Refusal` when the qualifier is not autoscaled.
  package static func suspend(
    _ parts: [ScalingSuspension], isSuspended: Bool, ofFunction functionName: String,
    qualifier: String, with client: ControlClient
  ) throws -> (changed: Bool, suspended: [ScalingSuspension]) {
    try ScalingSuspension.set(
      parts, isSuspended: isSuspended, of: resource(functionName, qualifier), with: client)
  }

  private static func warnings(
    _ settings: Settings, _ bounds: ScalingBounds, _ state: ScalingState?
  ) -> [String] {
    var warnings: [String] = []
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
    if let suspended = state?.target.suspensionText {
      warnings.append(
        "Suspended, and stays suspended: \(suspended). To resume, use concurrency autoscale resume")
    }
    return warnings
  }
}
