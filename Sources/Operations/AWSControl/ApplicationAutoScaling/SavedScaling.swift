import JSON

/// A resource's scaling as AWS described it, to be put on the same resource again or on another.
package struct SavedScaling: Sendable, Equatable {
  /// A scalable target.
  package let target: JSONValue
  package let policies: [JSONValue]
  package let schedules: [JSONValue]

  package init(target: JSONValue, policies: [JSONValue], schedules: [JSONValue]) {
    self.target = target
    self.policies = policies
    self.schedules = schedules
  }

  package init(_ state: ScalingState) {
    self.init(
      target: state.target.json, policies: state.policies.map(\.json),
      schedules: state.schedules.map(\.json))
  }

  /// Registers a resource with these bounds, suspensions, policies, and schedules. Idempotent. The
  /// alarms of target tracking are created anew.
  ///
  /// - Returns: the policies' new ARNs by those that were saved, for alarms that call them.
  /// - Throws: `AWSError`; `Refusal` when the bounds are missing.
  @discardableResult
  package func put(
    on resource: ScalableResource, with client: ControlClient
  ) throws -> [String: String] {
    guard let minimum = target["MinCapacity"]?.int64Value,
      let maximum = target["MaxCapacity"]?.int64Value
    else { throw Refusal("The saved scaling of \(resource.resourceID) has no bounds") }
    try client.write(
      RegisterScalableTarget(
        resource: resource, minimumCapacity: Int(clamping: minimum),
        maximumCapacity: Int(clamping: maximum), suspended: target["SuspendedState"]))
    var newARNs: [String: String] = [:]
    for policy in policies {
      guard let name = policy["PolicyName"]?.stringValue else { continue }
      let put = try client.write(
        PutScalingPolicy(resource: resource, policyName: name, copying: policy))
      if let old = policy["PolicyARN"]?.stringValue { newARNs[old] = put?.policyARN ?? old }
    }
    for schedule in schedules { try put(schedule, on: resource, with: client) }
    return newARNs
  }

  private func put(
    _ schedule: JSONValue, on resource: ScalableResource, with client: ControlClient
  ) throws {
    guard let name = schedule["ScheduledActionName"]?.stringValue,
      let times = schedule["Schedule"]?.stringValue
    else { return }
    let action = schedule["ScalableTargetAction"]
    func capacity(_ name: String) -> Int? { action?[name]?.int64Value.map { Int(clamping: $0) } }
    var put = PutScheduledAction(
      resource: resource, actionName: name, schedule: times,
      timezone: schedule["Timezone"]?.stringValue, minimumCapacity: capacity("MinCapacity"),
      maximumCapacity: capacity("MaxCapacity"))
    put.startTime = schedule["StartTime"]
    put.endTime = schedule["EndTime"]
    try client.write(put)
  }
}
