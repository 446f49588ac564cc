import AWSControl

/// An endpoint with its scaling and the latest scaling activities.
package struct EndpointReport: Sendable {
  /// The endpoint and its variants.
  package let endpoint: EndpointState
  /// By variant; a variant that is not registered is left out.
  package let scaling: [String: ScalingState]
  /// Each registered variant's latest activities, newest first, including those that scaled
  /// nothing.
  package let activities: [String: [ScalingActivity]]
  /// Findings, and what could not be read.
  package let notes: [String]

  /// Reads everything: two calls, one about scaling, three for each registered variant.
  ///
  /// - Parameter variant: only this one; nil for all.
  /// - Throws: `AWSError` of SageMaker's calls; missing permissions for scaling become notes.
  package static func read(
    endpointName: String, variant: String? = nil, activityCount: Int = 5,
    with client: ControlClient
  ) throws -> EndpointReport {
    let state = try EndpointState.read(endpointName: endpointName, with: client)
    let shown = try variant.map { [try state.variant($0)] } ?? state.variants
    var notes: [String] = []
    let resources = shown.map { resource(endpointName, $0.name) }
    let found =
      try client.attempt("Autoscaling", notes: &notes) {
        try ScalingState.read(resources, with: client)
      } ?? [:]
    var scaling: [String: ScalingState] = [:]
    var activities: [String: [ScalingActivity]] = [:]
    let reads = ReadGroup(client)
    var pages: [(variant: String, ReadGroup.Pending<Page<ScalingActivity>>)] = []
    for variant in shown {
      let resource = resource(endpointName, variant.name)
      guard let state = found[resource.resourceID] else { continue }
      scaling[variant.name] = state
      pages.append(
        (
          variant.name,
          reads.add(
            DescribeScalingActivities(
              resource: resource, maximumResults: activityCount, includesNotScaled: true))
        ))
    }
    try reads.run()
    for (variant, page) in pages {
      activities[variant] = try client.attempt(
        "\(variant)'s scaling activities", notes: &notes
      ) { try page.get().items }
    }
    let endpoint = EndpointState(
      name: state.name, status: state.status, failureReason: state.failureReason, variants: shown)
    return EndpointReport(
      endpoint: endpoint, scaling: scaling, activities: activities,
      notes: shown.flatMap { Self.notes($0, scaling[$0.name]) } + notes)
  }

  static func resource(_ endpointName: String, _ variant: String) -> ScalableResource {
    .variantInstances(endpointName: endpointName, variant: variant)
  }

  private static func notes(_ variant: EndpointState.Variant, _ state: ScalingState?) -> [String] {
    guard let target = state?.target else { return [] }
    var notes: [String] = []
    if variant.desiredInstanceCount >= target.maximumCapacity {
      notes.append("\(variant.name) is at its maximum of \(target.maximumCapacity) instances")
    }
    if state?.policies.isEmpty == true, state?.schedules.isEmpty == true {
      notes.append("\(variant.name) is registered for scaling but has no policy: nothing scales it")
    }
    if let suspended = target.suspensionText {
      notes.append(
        "\(variant.name): suspended: \(suspended). To resume, use endpoint autoscale resume")
    }
    if state?.policy(tracking: EndpointScaling.metric)?.targetTracking?.disablesScaleIn == true {
      notes.append("\(variant.name): scale-in is disabled: instances that were added stay")
    }
    notes.append(EndpointScaling.instanceTypeNote(variant.name))
    return notes
  }
}
