/// The desired scaling of a resource: bounds, one target-tracking policy, schedules.
package struct ScalingWish: Sendable {
  package let resource: ScalableResource
  package let bounds: ScalingBounds
  package let tracking: TargetTracking
  /// Scheduled bounds that replace those set by this tool before; nil leaves these.
  package let schedules: [ScheduledBounds]?

  package init(
    resource: ScalableResource, bounds: ScalingBounds, tracking: TargetTracking,
    schedules: [ScheduledBounds]? = nil
  ) {
    self.resource = resource
    self.bounds = bounds
    self.tracking = tracking
    self.schedules = schedules
  }

  /// What was done, or would be in a dry run.
  package struct Outcome: Sendable, Equatable {
    /// The policy's name: ours, or that of a policy that already tracked the metric and was
    /// changed.
    package let policyName: String
    /// Number of writes; 0 when nothing had to change.
    package let changeCount: Int
    package let deletedSchedules: [String]
  }

  /// The name of a policy that is created.
  package static let policyName = "inferencectl-target-tracking"
  private static let schedulePrefix = "inferencectl-schedule-"

  /// Applies the desired scaling. Writes only differences, so that a second run changes nothing.
  ///
  /// - Parameter state: the present scaling; nil when the resource is not registered.
  /// - Throws: `AWSError`.
  package func apply(over state: ScalingState?, with client: ControlClient) throws -> Outcome {
    var changes = 0
    if state?.target.minimumCapacity != bounds.minimum
      || state?.target.maximumCapacity != bounds.maximum
    {
      try client.write(
        RegisterScalableTarget(
          resource: resource, minimumCapacity: bounds.minimum, maximumCapacity: bounds.maximum))
      changes += 1
    }
    // A resource takes one policy for each metric: one of another name is changed, not added to.
    let policy = state?.policy(tracking: tracking.predefinedMetric)
    let name = policy?.name ?? Self.policyName
    if !tracking.isMet(by: policy?.targetTracking) {
      try client.write(
        PutScalingPolicy(resource: resource, policyName: name, targetTracking: tracking))
      changes += 1
    }
    var deleted: [String] = []
    if let schedules {
      changes += try put(schedules, over: state?.schedules ?? [], with: client)
      deleted = try deleteSurplus(schedules.count, of: state?.schedules ?? [], with: client)
    }
    return Outcome(
      policyName: name, changeCount: changes + deleted.count, deletedSchedules: deleted)
  }

  private func put(
    _ schedules: [ScheduledBounds], over present: [ScheduledAction], with client: ControlClient
  ) throws -> Int {
    var changes = 0
    for (index, wish) in schedules.enumerated() {
      let name = Self.schedulePrefix + String(index + 1)
      if let action = present.first(where: { $0.name == name }), action.meets(wish) { continue }
      try client.write(
        PutScheduledAction(
          resource: resource, actionName: name, schedule: wish.schedule, timezone: wish.timezone,
          minimumCapacity: wish.minimum, maximumCapacity: wish.maximum))
      changes += 1
    }
    return changes
  }

  /// Those created by an earlier run; others stay.
  private func deleteSurplus(
    _ count: Int, of present: [ScheduledAction], with client: ControlClient
  ) throws -> [String] {
    let kept = Set((0..<count).map { Self.schedulePrefix + String($0 + 1) })
    let surplus = present.map(\.name).filter {
      $0.hasPrefix(Self.schedulePrefix) && !kept.contains($0)
    }
    for name in surplus {
      try client.write(DeleteScheduledAction(resource: resource, actionName: name))
    }
    return surplus
  }
}

extension TargetTracking {
  /// Whether a policy is as desired; cooldowns that were not given may have any value.
  func isMet(by other: TargetTracking?) -> Bool {
    guard let other else { return false }
    func agree(_ wish: Int?, _ actual: Int?) -> Bool { wish == nil || wish == actual }
    return other.predefinedMetric == predefinedMetric && other.target == target
      && agree(scaleInCooldownSeconds, other.scaleInCooldownSeconds)
      && agree(scaleOutCooldownSeconds, other.scaleOutCooldownSeconds)
      && (other.disablesScaleIn ?? false) == (disablesScaleIn ?? false)
  }
}

extension ScheduledAction {
  fileprivate func meets(_ wish: ScheduledBounds) -> Bool {
    schedule == wish.schedule && (timezone ?? "UTC") == (wish.timezone ?? "UTC")
      && minimumCapacity == wish.minimum && maximumCapacity == wish.maximum
  }
}
