import JSON

/// The metric that a target-tracking policy keeps at its target.
package enum TrackedMetric: Sendable, Equatable {
  /// Of AWS's list, for example `LambdaProvisionedConcurrencyUtilization`.
  case predefined(String)
  /// Any other, with its statistic, for example `Average`.
  case customized(Metric, statistic: String)

  /// For example `ApproximateBacklogSizePerInstance`.
  package var name: String {
    switch self {
    case .predefined(let name): name
    case .customized(let metric, _): metric.name
    }
  }

  /// The two members that may hold it; a policy has one of them.
  static let members = ["PredefinedMetricSpecification", "CustomizedMetricSpecification"]

  var input: OperationInput {
    switch self {
    case .predefined(let name):
      [Self.members[0]: ["PredefinedMetricType": name] as OperationInput]
    case .customized(let metric, let statistic):
      [
        Self.members[1]: [
          "MetricName": metric.name, "Namespace": metric.namespace,
          "Dimensions": metric.dimensionInput, "Statistic": statistic,
        ] as OperationInput
      ]
    }
  }

  /// Reads a policy's configuration; nil for one of several metrics.
  init?(configuration: JSONValue?) {
    if let name = configuration?[Self.members[0]]?["PredefinedMetricType"]?.stringValue {
      self = .predefined(name)
      return
    }
    let custom = configuration?[Self.members[1]]
    guard let name = custom?["MetricName"]?.stringValue,
      let namespace = custom?["Namespace"]?.stringValue
    else { return nil }
    let dimensions = (custom?["Dimensions"]?.arrayValue ?? []).compactMap { dimension in
      dimension["Name"]?.stringValue.flatMap { name in
        dimension["Value"]?.stringValue.map { (name: name, value: $0) }
      }
    }
    self = .customized(
      Metric(namespace: namespace, name: name, dimensions: dimensions),
      statistic: custom?["Statistic"]?.stringValue ?? "")
  }
}

/// A target-tracking policy.
///
/// Source: https://docs.aws.amazon.com/autoscaling/application/APIReference/API_TargetTrackingScalingPolicyConfiguration.html
package struct TargetTracking: Sendable, Equatable {
  package var metric: TrackedMetric
  package var target: Double
  /// Seconds after a scale-in; nil is the service's default.
  package var scaleInCooldownSeconds: Int?
  /// Seconds after a scale-out; nil is the service's default.
  package var scaleOutCooldownSeconds: Int?
  /// Whether it never scales in.
  package var disablesScaleIn: Bool?

  package init(
    metric: TrackedMetric, target: Double, scaleInCooldownSeconds: Int? = nil,
    scaleOutCooldownSeconds: Int? = nil, disablesScaleIn: Bool? = nil
  ) {
    self.metric = metric
    self.target = target
    self.scaleInCooldownSeconds = scaleInCooldownSeconds
    self.scaleOutCooldownSeconds = scaleOutCooldownSeconds
    self.disablesScaleIn = disablesScaleIn
  }

  /// Nil for a policy of another type, or of several metrics.
  init?(configuration: JSONValue?) {
    guard let metric = TrackedMetric(configuration: configuration),
      let target = configuration?["TargetValue"]?.doubleValue
    else { return nil }
    self.init(
      metric: metric, target: target,
      scaleInCooldownSeconds: configuration?["ScaleInCooldown"]?.int64Value.map(Int.init),
      scaleOutCooldownSeconds: configuration?["ScaleOutCooldown"]?.int64Value.map(Int.init),
      disablesScaleIn: configuration?["DisableScaleIn"]?.boolValue)
  }

  var input: OperationInput {
    var input: OperationInput = [
      "TargetValue": target, "ScaleOutCooldown": scaleOutCooldownSeconds,
      "ScaleInCooldown": scaleInCooldownSeconds, "DisableScaleIn": disablesScaleIn,
    ]
    for member in metric.input.object.members { input.set(member.key, to: member.value) }
    return input
  }
}

/// A step policy with one step, called by an alarm that Application Auto Scaling does not create.
///
/// Source: https://docs.aws.amazon.com/autoscaling/application/APIReference/API_StepScalingPolicyConfiguration.html
package struct StepScaling: Sendable, Equatable {
  /// Added to the capacity; may be negative.
  package let adjustment: Int
  /// Seconds until the next step.
  package let cooldownSeconds: Int

  package init(adjustment: Int, cooldownSeconds: Int) {
    self.adjustment = adjustment
    self.cooldownSeconds = cooldownSeconds
  }

  var input: OperationInput {
    [
      "AdjustmentType": "ChangeInCapacity", "Cooldown": cooldownSeconds,
      "StepAdjustments": [
        ["MetricIntervalLowerBound": 0, "ScalingAdjustment": adjustment] as OperationInput
      ],
    ]
  }

  /// Whether a policy does this already.
  package func isMet(by policy: ScalingPolicy?) -> Bool {
    guard let policy, policy.type == "StepScaling" else { return false }
    return input.json.isContained(in: policy.json["StepScalingPolicyConfiguration"])
  }
}
