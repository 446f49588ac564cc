/// All that scales a resource.
package struct ScalingState: Sendable {
  /// Its registration, with the bounds.
  package let target: ScalableTarget
  /// Its policies.
  package let policies: [ScalingPolicy]
  /// Its scheduled actions.
  package let schedules: [ScheduledAction]

  /// Reads what scales some resources of one kind: one call for 50 of them, two more for each registered one.
  ///
  /// - Returns: by resource id; a resource that is not registered is left out.
  package static func read(
    _ resources: [ScalableResource], with client: ControlClient
  ) throws -> [String: ScalingState] {
    var states: [String: ScalingState] = [:]
    for start in stride(from: 0, to: resources.count, by: 50) {
      let batch = resources[start..<min(start + 50, resources.count)]
      let targets = try client.all(
        DescribeScalableTargets(
          resource: batch[start], otherResources: Array(batch.dropFirst())))
      for target in targets {
        guard let resource = batch.first(where: { $0.resourceID == target.resourceID }) else {
          continue
        }
        states[resource.resourceID] = ScalingState(
          target: target,
          policies: try client.all(DescribeScalingPolicies(resource: resource)),
          schedules: try client.all(DescribeScheduledActions(resource: resource)))
      }
    }
    return states
  }

  /// The policy that keeps a metric at a target.
  package func policy(tracking metric: String) -> ScalingPolicy? {
    policies.first { $0.targetTracking?.predefinedMetric == metric }
  }
}
