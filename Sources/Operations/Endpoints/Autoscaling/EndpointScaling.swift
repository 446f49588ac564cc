import AWSControl

/// Autoscaling of a variant's instances by invocations.
///
/// Source: https://docs.aws.amazon.com/sagemaker/latest/dg/endpoint-auto-scaling.html
package enum EndpointScaling {
  /// Invocations a minute for each instance, which is tracked.
  package static let metric = "SageMakerVariantInvocationsPerInstance"

  /// A change of a variant's scaling; what is nil stays.
  package struct Settings: Sendable {
    package var endpointName: String
    /// The variant; nil is the only one.
    package var variant: String?
    /// 1 or more.
    package var minimum: Int?
    package var maximum: Int?
    package var target: InvocationTarget?
    /// Seconds after a scale-in before the next; 300 for a new policy, SageMaker's default.
    package var scaleInCooldownSeconds: Int?
    /// Seconds after a scale-out before the next; 60 for a new policy, SageMaker's default is 300.
    package var scaleOutCooldownSeconds: Int?
    package var disablesScaleIn: Bool?
    /// Scheduled bounds; nil leaves the present ones.
    package var schedules: [ScheduledBounds]?

    package init(endpointName: String, variant: String? = nil) {
      self.endpointName = endpointName
      self.variant = variant
    }

    /// - Throws: `Refusal` for a minimum of 0, a minimum above the maximum, negative cooldowns.
    package func check() throws(Refusal) {
      guard scaleInCooldownSeconds ?? 0 >= 0, scaleOutCooldownSeconds ?? 0 >= 0 else {
        throw Refusal("Cooldowns must not be negative")
      }
      // A real-time variant cannot scale to 0.
      let floor = minimum ?? 1
      _ = try ScalingBounds(minimum: floor, maximum: maximum ?? max(floor, 1), atLeast: 1)
      if let schedule = schedules?.first(where: { $0.minimum < 1 }) {
        throw Refusal("\(schedule.schedule): the minimum of a real-time variant must be at least 1")
      }
    }

    /// Whether anything is given.
    package var changesSomething: Bool {
      change(of: .variantInstances(endpointName: endpointName, variant: "")).changesSomething
    }

    func change(of resource: ScalableResource) -> ScalingChange {
      var tracking = TrackingChange(metric: metric, initial: (nil, 300, 60))
      tracking.target = target?.invocationsPerMinute
      tracking.scaleInCooldownSeconds = scaleInCooldownSeconds
      tracking.scaleOutCooldownSeconds = scaleOutCooldownSeconds
      tracking.disablesScaleIn = disablesScaleIn
      return ScalingChange(
        resource: resource, lowestMinimum: 1, minimum: minimum, maximum: maximum,
        tracking: tracking, schedules: schedules)
    }
  }

  package struct Plan: Sendable {
    let change: ScalingChange
    let state: ScalingState?
    package let variant: EndpointState.Variant
    /// Warnings to print before the change.
    package let warnings: [String]
  }

  /// Checks whether the change is possible, and what it means. At most five reads.
  ///
  /// - Throws: `Refusal` for a burstable or serverless variant, one of inference components, an
  ///   endpoint that is not in service, a variant that is not there.
  package static func plan(_ settings: Settings, with client: ControlClient) throws -> Plan {
    try settings.check()
    let endpoint = try EndpointState.read(endpointName: settings.endpointName, with: client)
    let variant = try endpoint.variant(settings.variant)
    try refuseUnscalable(variant)
    try endpoint.requireInService()
    let resource = EndpointReport.resource(settings.endpointName, variant.name)
    let state = try ScalingState.read([resource], with: client)[resource.resourceID]
    let change = settings.change(of: resource)
    let bounds = try change.bounds(over: state)
    var warnings: [String] = []
    let count = variant.desiredInstanceCount
    if count < bounds.minimum || count > bounds.maximum {
      let bound = count < bounds.minimum ? bounds.minimum : bounds.maximum
      warnings.append("\(variant.name) has \(count) instances: scaling makes it \(bound)")
    }
    let others = (state?.policies ?? []).filter {
      $0.targetTracking?.predefinedMetric != metric
    }
    if !others.isEmpty {
      warnings.append(
        "\(variant.name) is also scaled by \(others.map(\.name).joined(separator: ", ")): the policy with the most "
          + "instances wins")
    }
    if let suspended = state?.target.suspensionText {
      warnings.append(
        "Suspended, and stays suspended: \(suspended). To resume, use endpoint autoscale resume")
    }
    warnings.append(instanceTypeNote(variant.name))
    return Plan(change: change, state: state, variant: variant, warnings: warnings)
  }

  /// Applies the plan; repeating it changes nothing.
  package static func apply(
    _ plan: Plan, with client: ControlClient
  ) throws -> ScalingChange.Outcome {
    try plan.change.apply(over: plan.state, with: client)
  }

  /// Suspends or resumes parts of the scaling of a variant.
  ///
  /// - Throws: `Refusal` when the variant is not autoscaled.
  package static func suspend(
    _ parts: [ScalingSuspension], isSuspended: Bool, endpointName: String, variant: String?,
    with client: ControlClient
  ) throws -> (variant: String, changed: Bool, suspended: [ScalingSuspension]) {
    let name = try EndpointState.read(endpointName: endpointName, with: client)
      .variant(variant).name
    let result = try ScalingSuspension.set(
      parts, isSuspended: isSuspended, of: EndpointReport.resource(endpointName, name),
      with: client)
    return (name, result.changed, result.suspended)
  }

  /// Ends the scaling; the instance count stays.
  ///
  /// - Returns: the variant, and whether it was scaled.
  package static func end(
    endpointName: String, variant: String?, with client: ControlClient
  ) throws -> (variant: EndpointState.Variant, wasScaled: Bool) {
    let found = try EndpointState.read(endpointName: endpointName, with: client).variant(variant)
    let resource = EndpointReport.resource(endpointName, found.name)
    return (found, try client.endScaling(of: resource))
  }

  static func instanceTypeNote(_ variant: String) -> String {
    "While \(variant) is registered for scaling, UpdateEndpoint fails when it changes the instance type or removes the variant: use "
      + "endpoint autoscale off before and endpoint autoscale afterwards"
  }

  /// `ml.t2.medium`, `ml.t3.large`, `ml.t4g.…`; not `ml.trn1.…`, which is Trainium.
  private static func isBurstable(_ instanceType: String) -> Bool {
    instanceType.hasPrefix("ml.t") && instanceType.dropFirst(4).first?.isNumber == true
  }

  private static func refuseUnscalable(_ variant: EndpointState.Variant) throws {
    if variant.isServerless {
      throw Refusal(
        "\(variant.name) is serverless and has no instances: SageMaker scales it up to its maximum "
          + "concurrency")
    }
    if !variant.hasModel {
      throw Refusal(
        "\(variant.name) hosts inference components, which are scaled by copies, not by instances",
        advice: "Scale sagemaker:inference-component:DesiredCopyCount of each component")
    }
    if let type = variant.instanceType, isBurstable(type) {
      throw Refusal(
        "\(variant.name) runs on \(type): burstable instances cannot be scaled automatically",
        advice: "Use another type, for example ml.m5.large, in a new endpoint configuration")
    }
  }
}
