import AWSControl

/// What scales a resource, as JSON.
enum ScalingListing {
  static func json(_ state: ScalingState) -> OperationInput {
    [
      "minimum": state.target.minimumCapacity, "maximum": state.target.maximumCapacity,
      "scaleInIsSuspended": state.target.scaleInIsSuspended,
      "scaleOutIsSuspended": state.target.scaleOutIsSuspended,
      "schedulesAreSuspended": state.target.schedulesAreSuspended,
      "policies": state.policies.map(json), "schedules": state.schedules.map(json),
    ]
  }

  private static func json(_ policy: ScalingPolicy) -> OperationInput {
    [
      "name": policy.name, "type": policy.type, "metric": policy.targetTracking?.predefinedMetric,
      "target": policy.targetTracking?.target,
      "scaleInCooldownSeconds": policy.targetTracking?.scaleInCooldownSeconds,
      "scaleOutCooldownSeconds": policy.targetTracking?.scaleOutCooldownSeconds,
      "alarms": policy.alarmNames,
    ]
  }

  private static func json(_ action: ScheduledAction) -> OperationInput {
    [
      "name": action.name, "schedule": action.schedule, "timezone": action.timezone,
      "minimum": action.minimumCapacity, "maximum": action.maximumCapacity,
    ]
  }
}
