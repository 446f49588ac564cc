import AWSControl

extension EndpointScaling {
  static func instanceTypeNote(_ variant: String) -> String {
    "While \(variant) is registered for scaling, UpdateEndpoint fails when it changes the instance type or removes the variant: use "
      + "endpoint autoscale off before and endpoint autoscale afterwards"
  }

  /// `ml.t2.medium`, `ml.t3.large`, `ml.t4g.…`; not `ml.trn1.…`, which is Trainium.
  private static func isBurstable(_ instanceType: String) -> Bool {
    instanceType.hasPrefix("ml.t") && instanceType.dropFirst(4).first?.isNumber == true
  }

  static func refuseUnscalable(_ variant: EndpointState.Variant) throws {
    if let serverless = variant.serverless, serverless.provisionedConcurrency == nil {
      throw Refusal(
        "\(variant.name) is serverless without provisioned concurrency: SageMaker scales it up to "
          + "\(serverless.maximumConcurrency) requests at the same time by itself",
        advice:
          "To keep environments warm, and to scale their number: endpoint update --serverless "
          + "provisioned=1, then endpoint autoscale")
    }
    if !variant.hasModel {
      throw Refusal(
        "\(variant.name) hosts inference components, which are scaled by copies, not by instances",
        advice: "Scale sagemaker:inference-component:DesiredCopyCount of each component")
    }
    if let type = variant.instanceType, isBurstable(type) {
      throw Refusal(
        "\(variant.name) runs on \(type): burstable instances cannot be scaled automatically",
        advice: "Use another type, for example ml.m5.large, in a new endpoint configuration")
    }
  }

  static func refuseOtherKind(
    _ settings: Settings, _ endpoint: EndpointState, _ variant: EndpointState.Variant
  ) throws(Refusal) {
    let kind = endpoint.kind
    if let target = settings.target, target.kind != kind {
      throw Refusal(
        "\(endpoint.name) is \(kind.text): \(target.kind.targetOption) would track a metric that it "
          + "does not publish", advice: "Set the target with \(kind.targetOption)")
    }
    try settings.checkMinimum(kind)
  }

  static func refuseAboveConcurrency(
    _ bounds: ScalingBounds, _ settings: Settings, _ variant: EndpointState.Variant
  ) throws(Refusal) {
    guard let limit = variant.serverless?.maximumConcurrency else { return }
    let most = ([bounds.maximum] + (settings.schedules ?? []).map(\.maximum)).max() ?? 0
    guard most > limit else { return }
    throw Refusal(
      "The maximum is \(most), and \(variant.name) has a maximum concurrency of \(limit)",
      advice: "Raise it first: endpoint update --serverless max=\(most)")
  }

  /// Whether a bound, also one of a schedule, lets the last instance end.
  static func canBeZero(
    _ bounds: ScalingBounds, _ settings: Settings, _ state: ScalingState?
  ) -> Bool {
    let scheduled =
      settings.schedules.map { $0.map(\.minimum) }
      ?? (state?.schedules ?? []).compactMap(\.minimumCapacity)
    return ([bounds.minimum] + scheduled).contains(0)
  }

  static func warnings(
    _ endpoint: EndpointState, _ variant: EndpointState.Variant, _ bounds: ScalingBounds,
    _ state: ScalingState?
  ) -> [String] {
    var warnings: [String] = []
    let unit = variant.isServerless ? "provisioned environments" : "instances"
    let count = variant.serverless?.provisionedConcurrency ?? variant.desiredInstanceCount
    if count < bounds.minimum || count > bounds.maximum {
      let bound = count < bounds.minimum ? bounds.minimum : bounds.maximum
      warnings.append("\(variant.name) has \(count) \(unit): scaling makes it \(bound)")
    }
    let metric = endpoint.kind.trackedMetric(endpointName: endpoint.name).name
    // A step policy of an asynchronous endpoint is what starts its first instance.
    let others = (state?.policies ?? []).filter {
      $0.targetTracking?.metric.name != metric
        && (endpoint.kind != .asynchronous || $0.type != "StepScaling")
    }
    if !others.isEmpty {
      warnings.append(
        "\(variant.name) is also scaled by \(others.map(\.name).joined(separator: ", ")): the policy with the most "
          + "\(unit) wins")
    }
    if let suspended = state?.target.suspensionText {
      warnings.append(
        "Suspended, and stays suspended: \(suspended). To resume, use endpoint autoscale resume")
    }
    if !variant.isServerless { warnings.append(instanceTypeNote(variant.name)) }
    return warnings
  }
}
