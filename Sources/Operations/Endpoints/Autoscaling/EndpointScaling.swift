import AWSControl

/// Autoscaling of a variant: the instances of a real-time endpoint by invocations, those of an
/// asynchronous one by its backlog, the provisioned concurrency of a serverless one by utilization.
package enum EndpointScaling {
  /// A change of a variant's scaling; what is nil stays.
  package struct Settings: Sendable {
    package var endpointName: String
    /// The variant; nil is the only one.
    package var variant: String?
    /// 1 or more, 0 for an asynchronous endpoint.
    package var minimum: Int?
    package var maximum: Int?
    package var target: ScalingTarget?
    /// Seconds after a scale-in before the next; 300 for a new policy, SageMaker's default.
    package var scaleInCooldownSeconds: Int?
    /// Seconds after a scale-out before the next; for a new policy 60, or 300 for an asynchronous
    /// endpoint. SageMaker's default is 300.
    package var scaleOutCooldownSeconds: Int?
    package var disablesScaleIn: Bool?
    /// Scheduled bounds; nil leaves the present ones.
    package var schedules: [ScheduledBounds]?

    package init(endpointName: String, variant: String? = nil) {
      self.endpointName = endpointName
      self.variant = variant
    }

    /// Checks what does not depend on the endpoint.
    ///
    /// - Throws: `Refusal` for a minimum above the maximum, negative cooldowns, or a minimum of 0
    ///   with the target of another kind of endpoint.
    package func check() throws(Refusal) {
      guard scaleInCooldownSeconds ?? 0 >= 0, scaleOutCooldownSeconds ?? 0 >= 0 else {
        throw Refusal("Cooldowns must not be negative")
      }
      let floor = minimum ?? 0
      _ = try ScalingBounds(minimum: floor, maximum: maximum ?? max(floor, 1))
      try target?.check()
      if let kind = target?.kind { try checkMinimum(kind) }
    }

    /// - Throws: `Refusal` for a minimum of 0 that this kind does not have.
    func checkMinimum(_ kind: EndpointKind) throws(Refusal) {
      let lowest = kind.lowestMinimum
      if let minimum, minimum < lowest {
        throw Refusal(
          "The minimum is \(minimum) and must be at least \(lowest) for a \(kind.text) endpoint",
          advice: Self.adviceOnZero)
      }
      if let schedule = schedules?.first(where: { $0.minimum < lowest }) {
        throw Refusal(
          "\(schedule.schedule): the minimum must be at least \(lowest) for a \(kind.text) endpoint",
          advice: Self.adviceOnZero)
      }
    }

    private static let adviceOnZero =
      "Only an asynchronous endpoint, whose requests wait in a queue, can have a minimum of 0"

    /// Whether anything is given.
    package var changesSomething: Bool {
      minimum != nil || maximum != nil || target != nil || scaleInCooldownSeconds != nil
        || scaleOutCooldownSeconds != nil || disablesScaleIn != nil || schedules != nil
    }

    func change(of resource: ScalableResource, kind: EndpointKind) -> ScalingChange {
      var tracking = TrackingChange(
        metric: kind.trackedMetric(endpointName: endpointName), initial: kind.initialTracking)
      tracking.target = target?.value
      tracking.scaleInCooldownSeconds = scaleInCooldownSeconds
      tracking.scaleOutCooldownSeconds = scaleOutCooldownSeconds
      tracking.disablesScaleIn = disablesScaleIn
      return ScalingChange(
        resource: resource, lowestMinimum: kind.lowestMinimum, minimum: minimum, maximum: maximum,
        tracking: tracking, schedules: schedules)
    }
  }

  package struct Plan: Sendable {
    let change: ScalingChange
    let state: ScalingState?
    package let kind: EndpointKind
    package let variant: EndpointState.Variant
    /// Starts the first instance; nil when there is always one.
    let scaleFromZero: ScaleFromZero?
    /// Warnings to print before the change.
    package let warnings: [String]
  }

  /// Checks whether the change is possible, and what it means. At most seven reads.
  ///
  /// - Throws: `Refusal` for a burstable variant, one of inference components, a serverless one
  ///   without provisioned concurrency, the target of another kind, an endpoint that is not in
  ///   service, a variant that is not there.
  package static func plan(_ settings: Settings, with client: ControlClient) throws -> Plan {
    try settings.check()
    let endpoint = try EndpointState.read(endpointName: settings.endpointName, with: client)
    let variant = try endpoint.variant(settings.variant)
    try refuseUnscalable(variant)
    try refuseOtherKind(settings, endpoint, variant)
    try endpoint.requireInService()
    let resource = endpoint.resource(of: variant)
    let state = try ScalingState.read([resource], with: client)[resource.resourceID]
    let change = settings.change(of: resource, kind: endpoint.kind)
    let bounds = try change.bounds(over: state)
    try refuseAboveConcurrency(bounds, settings, variant)
    return Plan(
      change: change, state: state, kind: endpoint.kind, variant: variant,
      scaleFromZero: canBeZero(bounds, settings, state)
        ? try ScaleFromZero(
          endpointName: endpoint.name, variant: variant.name, over: state, with: client) : nil,
      warnings: warnings(endpoint, variant, bounds, state))
  }

  /// Applies the plan; repeating it changes nothing.
  package static func apply(
    _ plan: Plan, with client: ControlClient
  ) throws -> ScalingChange.Outcome {
    var outcome = try plan.change.apply(over: plan.state, with: client)
    if let scaleFromZero = plan.scaleFromZero {
      let differences = try scaleFromZero.put(with: client)
      outcome.differences += differences
      outcome.changeCount += differences.count
    }
    return outcome
  }

  /// Suspends or resumes parts of the scaling of a variant.
  ///
  /// - Throws: `Refusal` when the variant is not autoscaled.
  package static func suspend(
    _ parts: [ScalingSuspension], isSuspended: Bool, endpointName: String, variant: String?,
    with client: ControlClient
  ) throws -> (variant: String, changed: Bool, suspended: [ScalingSuspension]) {
    let endpoint = try EndpointState.read(endpointName: endpointName, with: client)
    let found = try endpoint.variant(variant)
    let result = try ScalingSuspension.set(
      parts, isSuspended: isSuspended, of: endpoint.resource(of: found), with: client)
    return (found.name, result.changed, result.suspended)
  }

  package struct End: Sendable {
    package let variant: EndpointState.Variant
    package let wasScaled: Bool
    /// The alarm that called the step policy.
    package let deletedAlarm: String?
    package let warnings: [String]
  }

  /// Ends the scaling with its alarms; instances or provisioned concurrency stay.
  package static func end(
    endpointName: String, variant: String?, with client: ControlClient
  ) throws -> End {
    let endpoint = try EndpointState.read(endpointName: endpointName, with: client)
    let found = try endpoint.variant(variant)
    let resource = endpoint.resource(of: found)
    guard endpoint.kind == .asynchronous else {
      return End(
        variant: found, wasScaled: try client.endScaling(of: resource), deletedAlarm: nil,
        warnings: [])
    }
    let state = try ScalingState.read([resource], with: client)[resource.resourceID]
    let own = ScaleFromZero.alarmName(resource)
    let others = try StepAlarms.calling(state?.policies ?? [], with: client).map(\.name)
      .filter { $0 != own }
    let wasScaled = try client.endScaling(of: resource)
    // Also when an earlier run was interrupted here.
    let alarm = try ScaleFromZero.alarm(of: resource, with: client)
    if let alarm { try client.write(DeleteAlarms(name: alarm.name)) }
    return End(
      variant: found, wasScaled: wasScaled, deletedAlarm: alarm?.name,
      warnings: others.map { "The alarm \($0), made by another tool, calls a deleted policy" })
  }
}
