/// A resource's registration, policies and schedules.
package struct ScalingState: Sendable {
  package let target: ScalableTarget
  package let policies: [ScalingPolicy]
  package let schedules: [ScheduledAction]

  /// Reads the scaling of resources of one kind: one call for each 50, two more for each registered
  /// one.
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

  /// The policy that tracks a metric.
  package func policy(tracking metric: String) -> ScalingPolicy? {
    policies.first { $0.targetTracking?.predefinedMetric == metric }
  }
}
