import AWSControl

/// An endpoint with its scaling, the latest scaling activities, and what its kind is measured by.
package struct EndpointReport: Sendable {
  /// The endpoint and its variants.
  package let endpoint: EndpointState
  /// By variant; a variant that is not registered is left out.
  package let scaling: [String: ScalingState]
  /// Each registered variant's latest activities, newest first, including those that scaled
  /// nothing.
  package let activities: [String: [ScalingActivity]]
  /// Of a serverless or asynchronous endpoint; nil for a real-time one, or when they could not be
  /// read.
  package let metrics: EndpointMetrics?
  /// Findings, and what could not be read.
  package let notes: [String]

  /// Reads everything: two calls, one about scaling, three for each registered variant, one for
  /// metrics.
  ///
  /// - Parameter variant: only this one; nil for all.
  /// - Throws: `AWSError` of SageMaker's calls; missing permissions for the rest become notes.
  package static func read(
    endpointName: String, variant: String? = nil, activityCount: Int = 5,
    with client: ControlClient
  ) throws -> EndpointReport {
    let state = try EndpointState.read(endpointName: endpointName, with: client)
    let shown = try variant.map { [try state.variant($0)] } ?? state.variants
    var notes: [String] = []
    // Without provisioned concurrency there is nothing that could be registered.
    let resources = shown.filter {
      $0.serverless?.provisionedConcurrency != nil || !$0.isServerless
    }
    .map(state.resource)
    let found =
      try client.attempt("Autoscaling", notes: &notes) {
        try ScalingState.read(resources, with: client)
      } ?? [:]
    var scaling: [String: ScalingState] = [:]
    var activities: [String: [ScalingActivity]] = [:]
    let reads = ReadGroup(client)
    var pages: [(variant: String, ReadGroup.Pending<Page<ScalingActivity>>)] = []
    for variant in shown {
      let resource = state.resource(of: variant)
      guard let registered = found[resource.resourceID] else { continue }
      scaling[variant.name] = registered
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
    var endpoint = state
    endpoint.variants = shown
    let metrics = try client.attempt("Metrics", notes: &notes) {
      try EndpointMetrics.read(endpoint, with: client)
    }
    return EndpointReport(
      endpoint: endpoint, scaling: scaling, activities: activities, metrics: metrics ?? nil,
      notes: shown.flatMap { Self.notes($0, scaling[$0.name], of: endpoint) } + notes)
  }

  private static func notes(
    _ variant: EndpointState.Variant, _ state: ScalingState?, of endpoint: EndpointState
  ) -> [String] {
    guard let target = state?.target else { return notesWithoutScaling(variant, of: endpoint) }
    var notes: [String] = []
    let unit = variant.isServerless ? "provisioned environments" : "instances"
    let count = variant.serverless?.provisionedConcurrency ?? variant.desiredInstanceCount
    if count >= target.maximumCapacity {
      notes.append("\(variant.name) is at its maximum of \(target.maximumCapacity) \(unit)")
    }
    if state?.policies.isEmpty == true, state?.schedules.isEmpty == true {
      notes.append("\(variant.name) is registered for scaling but has no policy: nothing scales it")
    }
    if let suspended = target.suspensionText {
      notes.append(
        "\(variant.name): suspended: \(suspended). To resume, use endpoint autoscale resume")
    }
    let metric = endpoint.kind.trackedMetric(endpointName: endpoint.name).name
    if state?.policy(tracking: metric)?.targetTracking?.disablesScaleIn == true {
      notes.append("\(variant.name): scale-in is disabled: \(unit) that were added stay")
    }
    let hasStepPolicy = state?.policies.contains { $0.type == "StepScaling" } ?? false
    if endpoint.kind == .asynchronous, target.minimumCapacity == 0, !hasStepPolicy {
      notes.append(
        "\(variant.name) may have no instance, and no step policy starts the first one: requests can wait "
          + "until they expire. To add it: endpoint autoscale --min 0")
    }
    if !variant.isServerless { notes.append(EndpointScaling.instanceTypeNote(variant.name)) }
    return notes
  }

  private static func notesWithoutScaling(
    _ variant: EndpointState.Variant, of endpoint: EndpointState
  ) -> [String] {
    guard endpoint.kind == .asynchronous else { return [] }
    return [
      variant.desiredInstanceCount == 0
        ? "\(variant.name) has no instance and is not autoscaled: requests wait until they expire. To change "
          + "it: endpoint autoscale --min 0 --max 1"
        : "\(variant.name) is not autoscaled: its instances are billed while nothing waits. To end them when "
          + "idle: endpoint autoscale --min 0 --max \(variant.desiredInstanceCount)"
    ]
  }
}
