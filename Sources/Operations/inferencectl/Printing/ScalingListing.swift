import AWSControl

/// What scales a resource, as text and as JSON.
enum ScalingListing {
  static func json(_ state: ScalingState) -> OperationInput {
    let suspended = state.target.suspended
    return [
      "minimum": state.target.minimumCapacity, "maximum": state.target.maximumCapacity,
      "scaleInIsSuspended": suspended.contains(.scaleIn),
      "scaleOutIsSuspended": suspended.contains(.scaleOut),
      "schedulesAreSuspended": suspended.contains(.schedules),
      "policies": state.policies.map(json), "schedules": state.schedules.map(json),
    ]
  }

  private static func json(_ policy: ScalingPolicy) -> OperationInput {
    [
      "name": policy.name, "type": policy.type, "metric": policy.targetTracking?.metric.name,
      "target": policy.targetTracking?.target,
      "scaleInCooldownSeconds": policy.targetTracking?.scaleInCooldownSeconds,
      "scaleOutCooldownSeconds": policy.targetTracking?.scaleOutCooldownSeconds,
      "scaleInIsDisabled": policy.targetTracking.map { $0.disablesScaleIn ?? false },
      "alarms": policy.alarmNames,
    ]
  }

  private static func json(_ action: ScheduledAction) -> OperationInput {
    [
      "name": action.name, "schedule": action.schedule, "timezone": action.timezone,
      "minimum": action.minimumCapacity, "maximum": action.maximumCapacity,
    ]
  }

  static func json(_ difference: ScalingChange.Difference) -> OperationInput {
    [
      "setting": difference.setting, "before": difference.before, "after": difference.after,
    ]
  }

  /// A line for each difference, below a command's result.
  static func differences(_ outcome: ScalingChange.Outcome) -> String {
    outcome.differences.map { "\n  \($0.text)" }.joined()
  }

  /// ` (scale-in disabled, suspended: scaling in)`, or nothing.
  static func limits(_ state: ScalingState, metric: String) -> String {
    let isDisabled = state.policy(tracking: metric)?.targetTracking?.disablesScaleIn == true
    let parts = [
      isDisabled ? "scale-in disabled" : nil,
      state.target.suspensionText.map { "suspended: \($0)" },
    ].compactMap { $0 }
    return parts.isEmpty ? "" : " (\(parts.joined(separator: "; ")))"
  }

  static func suspension(
    _ name: String, _ result: (changed: Bool, suspended: [ScalingSuspension])
  ) -> String {
    let state =
      result.suspended.isEmpty
      ? "nothing is suspended"
      : "suspended: \(result.suspended.map(\.text).joined(separator: ", "))"
    return "\(name): \(state)\(result.changed ? "" : ", unchanged")"
  }
}
