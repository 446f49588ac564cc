import JSON

/// A change of the target-tracking policy of one metric; what is nil stays.
package struct TrackingChange: Sendable {
  package let metric: TrackedMetric
  package var target: Double?
  package var scaleInCooldownSeconds: Int?
  package var scaleOutCooldownSeconds: Int?
  package var disablesScaleIn: Bool?
  /// For a policy that is created: what is not set is taken from here. Its target is nil when there
  /// is no sensible one.
  package let initial: (target: Double?, scaleInCooldown: Int?, scaleOutCooldown: Int?)

  package init(
    metric: TrackedMetric,
    initial: (target: Double?, scaleInCooldown: Int?, scaleOutCooldown: Int?)
  ) {
    self.metric = metric
    self.initial = initial
  }

  var isEmpty: Bool {
    target == nil && scaleInCooldownSeconds == nil && scaleOutCooldownSeconds == nil
      && disablesScaleIn == nil
  }

  /// The policy after the change; nil when there is none and none is needed.
  func resolved(
    over policy: ScalingPolicy?, isNew: Bool
  ) throws(Refusal) -> TargetTracking? {
    if let present = policy?.targetTracking {
      return TargetTracking(
        metric: metric, target: target ?? present.target,
        scaleInCooldownSeconds: scaleInCooldownSeconds ?? present.scaleInCooldownSeconds,
        scaleOutCooldownSeconds: scaleOutCooldownSeconds ?? present.scaleOutCooldownSeconds,
        disablesScaleIn: disablesScaleIn ?? present.disablesScaleIn)
    }
    guard isNew || !isEmpty else { return nil }
    guard let target = target ?? initial.target else {
      throw Refusal(
        "No policy tracks \(metric.name) yet", advice: "Set the target, for example with --max-rps")
    }
    return TargetTracking(
      metric: metric, target: target,
      scaleInCooldownSeconds: scaleInCooldownSeconds ?? initial.scaleInCooldown,
      scaleOutCooldownSeconds: scaleOutCooldownSeconds ?? initial.scaleOutCooldown,
      disablesScaleIn: disablesScaleIn)
  }

  func differences(
    from policy: ScalingPolicy?, to tracked: TargetTracking
  ) -> [ScalingChange.Difference] {
    let present = policy?.targetTracking
    var found: [ScalingChange.Difference] = []
    func compare(_ setting: String, _ before: String?, _ after: String?) {
      guard before != after, let after else { return }
      found.append(.init(setting: setting, before: before, after: after))
    }
    func seconds(_ value: Int?) -> String? { value.map { "\($0) s" } }
    func scaleIn(_ isDisabled: Bool?) -> String { isDisabled == true ? "disabled" : "enabled" }
    compare("target", present.map { number($0.target) }, number(tracked.target))
    compare(
      "scale-in cooldown", seconds(present?.scaleInCooldownSeconds),
      seconds(tracked.scaleInCooldownSeconds))
    compare(
      "scale-out cooldown", seconds(present?.scaleOutCooldownSeconds),
      seconds(tracked.scaleOutCooldownSeconds))
    compare("scale-in", scaleIn(present?.disablesScaleIn), scaleIn(tracked.disablesScaleIn))
    return found
  }

  /// A policy replaces the whole configuration, so that a present one is sent with its other members.
  func put(
    _ tracked: TargetTracking, over policy: ScalingPolicy?, named name: String,
    on resource: ScalableResource
  ) -> PutScalingPolicy {
    let key = "TargetTrackingScalingPolicyConfiguration"
    guard let policy, var configuration = policy.json[key]?.objectValue else {
      return PutScalingPolicy(resource: resource, policyName: name, targetTracking: tracked)
    }
    for member in tracked.input.object.members where !TrackedMetric.members.contains(member.key) {
      configuration.set(member.key, to: member.value)
    }
    var copy = JSONObject()
    copy.set("PolicyType", to: .string(policy.type))
    copy.set(key, to: .object(configuration))
    return PutScalingPolicy(resource: resource, policyName: name, copying: .object(copy))
  }

  /// `0.7`, `600`
  private func number(_ value: Double) -> String {
    value == value.rounded() && abs(value) < 1e15 ? String(Int(value)) : String(value)
  }
}
