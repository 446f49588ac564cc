/// A resource's registration, policies and schedules.
package struct ScalingState: Sendable {
  package let target: ScalableTarget
  package let policies: [ScalingPolicy]
  package let schedules: [ScheduledAction]

  /// Reads the scaling of resources of one kind: one call for each 50, two more for each registered
  /// one, which are made at the same time.
  ///
  /// - Returns: by resource id; a resource that is not registered is left out.
  package static func read(
    _ resources: [ScalableResource], with client: ControlClient
  ) throws -> [String: ScalingState] {
    let targets = try stride(from: 0, to: resources.count, by: 50).flatMap { start in
      let batch = resources[start..<min(start + 50, resources.count)]
      return try client.all(
        DescribeScalableTargets(
          resource: batch[start], otherResources: Array(batch.dropFirst())))
    }
    let details = ReadGroup(client)
    let parts = targets.compactMap { target in
      resources.first { $0.resourceID == target.resourceID }.map { resource in
        (
          target, details.addAll(DescribeScalingPolicies(resource: resource)),
          details.addAll(DescribeScheduledActions(resource: resource))
        )
      }
    }
    try details.run()
    var states: [String: ScalingState] = [:]
    for (target, policies, schedules) in parts {
      states[target.resourceID] = ScalingState(
        target: target, policies: try policies.get(), schedules: try schedules.get())
    }
    return states
  }

  /// The policy that tracks a metric, by the metric's name.
  package func policy(tracking metric: String) -> ScalingPolicy? {
    policies.first { $0.targetTracking?.metric.name == metric }
  }
}
