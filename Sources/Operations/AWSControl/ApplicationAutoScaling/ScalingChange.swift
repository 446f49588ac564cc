import JSON

/// A change of a resource's scaling: bounds, one target-tracking policy, schedules. What is nil stays
/// as it is, also what another tool has set.
package struct ScalingChange: Sendable {
  package let resource: ScalableResource
  /// The lowest minimum: 0 for provisioned concurrency of Lambda and for asynchronous endpoints,
  /// otherwise 1.
  package let lowestMinimum: Int
  package var minimum: Int?
  package var maximum: Int?
  package var tracking: TrackingChange
  /// Scheduled bounds that replace those set by this tool before; nil leaves these.
  package var schedules: [ScheduledBounds]?

  package init(
    resource: ScalableResource, lowestMinimum: Int, minimum: Int? = nil, maximum: Int? = nil,
    tracking: TrackingChange, schedules: [ScheduledBounds]? = nil
  ) {
    self.resource = resource
    self.lowestMinimum = lowestMinimum
    self.minimum = minimum
    self.maximum = maximum
    self.tracking = tracking
    self.schedules = schedules
  }

  /// Whether anything is to change or to be created.
  package var changesSomething: Bool {
    minimum != nil || maximum != nil || !tracking.isEmpty || schedules != nil
  }

  /// A setting before and after.
  package struct Difference: Sendable, Equatable {
    /// For example `maximum`.
    package let setting: String
    /// Nil when it was not set.
    package let before: String?
    /// Nil when it is removed.
    package let after: String?
    /// `maximum 4 → 8`
    package var text: String { "\(setting) \(before ?? "none") → \(after ?? "none")" }

    package init(setting: String, before: String?, after: String?) {
      self.setting = setting
      self.before = before
      self.after = after
    }
  }

  /// What was done, or would be in a dry run.
  package struct Outcome: Sendable, Equatable {
    /// The policy's name: ours, or that of a policy that already tracked the metric and was
    /// changed; nil without one.
    package let policyName: String?
    package let bounds: ScalingBounds
    /// The policy's settings afterwards; nil without one.
    package let tracking: TargetTracking?
    /// Empty when nothing had to change.
    package var differences: [Difference]
    /// Number of writes.
    package var changeCount: Int
    package let deletedSchedules: [String]
  }

  /// The name of a policy that is created.
  package static let policyName = "inferencectl-target-tracking"

  /// The bounds after the change.
  ///
  /// - Throws: `Refusal` when the resource is not scaled yet and a bound is missing, or the bounds
  ///   cannot be.
  package func bounds(over state: ScalingState?) throws(Refusal) -> ScalingBounds {
    guard let minimum = minimum ?? state?.target.minimumCapacity,
      let maximum = maximum ?? state?.target.maximumCapacity
    else {
      throw Refusal(
        "\(resource.resourceID) is not autoscaled yet", advice: "Set both --min and --max")
    }
    return try ScalingBounds(minimum: minimum, maximum: maximum, atLeast: lowestMinimum)
  }

  /// Applies the change. Writes only differences, so that a second run changes nothing.
  ///
  /// - Parameter state: the present scaling; nil when the resource is not registered.
  /// - Throws: `Refusal` before anything is written; `AWSError`.
  package func apply(over state: ScalingState?, with client: ControlClient) throws -> Outcome {
    let bounds = try bounds(over: state)
    let policy = state?.policy(tracking: tracking.metric.name)
    let tracked = try tracking.resolved(over: policy, isNew: state == nil)
    var differences = try register(bounds, over: state?.target, with: client)
    var changes = differences.isEmpty ? 0 : 1
    // A resource takes one policy for each metric: one of another name is changed, not added to.
    let name = policy?.name ?? Self.policyName
    if let tracked {
      let changed = tracking.differences(from: policy, to: tracked)
      if !changed.isEmpty {
        try client.write(tracking.put(tracked, over: policy, named: name, on: resource))
        differences += changed
        changes += 1
      }
    }
    var deleted: [String] = []
    if let schedules {
      let edit = ScheduleEdit(resource: resource, present: state?.schedules ?? [])
      let put = try edit.put(schedules, with: client)
      deleted = try edit.deleteSurplus(schedules.count, with: client)
      differences += put
      differences += deleted.map { Difference(setting: $0, before: edit.text(of: $0), after: nil) }
      changes += put.count + deleted.count
    }
    return Outcome(
      policyName: tracked == nil ? policy?.name : name, bounds: bounds,
      tracking: tracked ?? policy?.targetTracking, differences: differences,
      changeCount: changes, deletedSchedules: deleted)
  }

  /// Sends only what changed: another operator may change the other bound at the same time.
  private func register(
    _ bounds: ScalingBounds, over present: ScalableTarget?, with client: ControlClient
  ) throws -> [Difference] {
    var differences: [Difference] = []
    func changed(_ setting: String, _ before: Int?, _ after: Int) -> Int? {
      guard before != after else { return nil }
      differences.append(
        Difference(setting: setting, before: before.map(String.init), after: String(after)))
      return after
    }
    let minimum = changed("minimum", present?.minimumCapacity, bounds.minimum)
    let maximum = changed("maximum", present?.maximumCapacity, bounds.maximum)
    if !differences.isEmpty {
      try client.write(
        RegisterScalableTarget(
          resource: resource, minimumCapacity: minimum, maximumCapacity: maximum))
    }
    return differences
  }
}
