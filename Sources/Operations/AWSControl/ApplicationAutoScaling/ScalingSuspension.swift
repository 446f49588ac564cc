import JSON

/// The parts of a resource's scaling that can be suspended. Bounds, policies, and schedules stay.
///
/// Source: https://docs.aws.amazon.com/autoscaling/application/userguide/application-auto-scaling-suspend-resume-scaling.html
package enum ScalingSuspension: String, Sendable, CaseIterable {
  case scaleIn = "DynamicScalingInSuspended"
  case scaleOut = "DynamicScalingOutSuspended"
  case schedules = "ScheduledScalingSuspended"

  /// Suspends or resumes parts, unless nothing would change.
  ///
  /// - Returns: whether anything changed, and the parts that are suspended afterwards.
  /// - Throws: `Refusal` for a resource that is not autoscaled; `AWSError`.
  package static func set(
    _ parts: [ScalingSuspension], isSuspended: Bool, of resource: ScalableResource,
    with client: ControlClient
  ) throws -> (changed: Bool, suspended: [ScalingSuspension]) {
    guard let target = try client.all(DescribeScalableTargets(resource: resource)).first else {
      throw Refusal("\(resource.resourceID) is not autoscaled")
    }
    let before = target.suspended
    let after = allCases.filter { parts.contains($0) ? isSuspended : before.contains($0) }
    guard after != before else { return (false, before) }
    // All three, so that the others keep their state.
    var state = JSONObject()
    for part in allCases { state.set(part.rawValue, to: .bool(after.contains(part))) }
    try client.write(RegisterScalableTarget(resource: resource, suspended: .object(state)))
    return (true, after)
  }

  /// For messages.
  package var text: String {
    switch self {
    case .scaleIn: "scaling in"
    case .scaleOut: "scaling out"
    case .schedules: "schedules"
    }
  }
}

extension ScalableTarget {
  /// In the order of `ScalingSuspension`.
  package var suspended: [ScalingSuspension] {
    ScalingSuspension.allCases.filter {
      json["SuspendedState"]?[$0.rawValue]?.boolValue ?? false
    }
  }

  /// `scaling in, schedules`; nil when nothing is suspended.
  package var suspensionText: String? {
    suspended.isEmpty ? nil : suspended.map(\.text).joined(separator: ", ")
  }
}
