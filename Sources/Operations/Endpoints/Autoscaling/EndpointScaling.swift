import AWSControl

/// Autoscaling of a variant's instances by invocations.
///
/// Source: https://docs.aws.amazon.com/sagemaker/latest/dg/endpoint-auto-scaling.html
package enum EndpointScaling {
  /// Invocations a minute for each instance, which is tracked.
  package static let metric = "SageMakerVariantInvocationsPerInstance"

  /// The desired scaling of a variant.
  package struct Settings: Sendable {
    package var endpointName: String
    /// The variant; nil is the only one.
    package var variant: String?
    package let bounds: ScalingBounds
    package let target: InvocationTarget
    /// Seconds after a scale-in before the next; SageMaker's default is 300.
    package let scaleInCooldownSeconds: Int
    /// Seconds after a scale-out before the next; SageMaker's default is 300.
    package let scaleOutCooldownSeconds: Int

    /// Settings; see the properties.
    ///
    /// - Throws: `Refusal` for a minimum of 0, a minimum above the maximum, negative cooldowns.
    package init(
      endpointName: String, variant: String? = nil, minimum: Int, maximum: Int,
      target: InvocationTarget, scaleInCooldownSeconds: Int = 300,
      scaleOutCooldownSeconds: Int = 60
    ) throws(Refusal) {
      guard scaleInCooldownSeconds >= 0, scaleOutCooldownSeconds >= 0 else {
        throw Refusal("Cooldowns must not be negative")
      }
      self.endpointName = endpointName
      self.variant = variant
      // A real-time variant cannot scale to 0.
      bounds = try ScalingBounds(minimum: minimum, maximum: maximum, atLeast: 1)
      self.target = target
      self.scaleInCooldownSeconds = scaleInCooldownSeconds
      self.scaleOutCooldownSeconds = scaleOutCooldownSeconds
    }
  }

  package struct Plan: Sendable {
    let wish: ScalingWish
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
    let endpoint = try EndpointState.read(endpointName: settings.endpointName, with: client)
    let variant = try endpoint.variant(settings.variant)
    try refuseUnscalable(variant)
    try endpoint.requireInService()
    let resource = EndpointReport.resource(settings.endpointName, variant.name)
    let state = try ScalingState.read([resource], with: client)[resource.resourceID]
    var warnings: [String] = []
    let count = variant.desiredInstanceCount
    if count < settings.bounds.minimum || count > settings.bounds.maximum {
      let bound =
        count < settings.bounds.minimum ? settings.bounds.minimum : settings.bounds.maximum
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
    warnings.append(instanceTypeNote(variant.name))
    return Plan(
      wish: ScalingWish(
        resource: resource, bounds: settings.bounds,
        tracking: TargetTracking(
          predefinedMetric: metric, target: settings.target.invocationsPerMinute,
          scaleInCooldownSeconds: settings.scaleInCooldownSeconds,
          scaleOutCooldownSeconds: settings.scaleOutCooldownSeconds)),
      state: state, variant: variant, warnings: warnings)
  }

  /// Applies the plan; repeating it changes nothing.
  package static func apply(
    _ plan: Plan, with client: ControlClient
  ) throws -> ScalingWish.Outcome {
    try plan.wish.apply(over: plan.state, with: client)
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
