import AWSControl
import JSON

/// The step policy that starts the first instance of an asynchronous endpoint, and the alarm that
/// calls it.
///
/// Target tracking does not do it reliably: without an instance there is no backlog per instance.
/// Source: https://docs.aws.amazon.com/sagemaker/latest/dg/async-inference-autoscale.html
package struct ScaleFromZero: Sendable {
  package static let policyName = "inferencectl-scale-from-zero"
  /// 1 while requests wait and there is no instance.
  package static let metric = "HasBacklogWithoutCapacity"
  private static let step = StepScaling(adjustment: 1, cooldownSeconds: 300)

  private let endpointName: String
  private let resource: ScalableResource
  private let policy: ScalingPolicy?
  private let alarm: DescribeAlarms.Alarm?
  /// A step policy of another tool that does it already.
  private let other: String?

  /// Reads what is there: one call, and one for each step policy.
  init(
    endpointName: String, variant: String, over state: ScalingState?, with client: ControlClient
  ) throws {
    self.endpointName = endpointName
    resource = .variantInstances(endpointName: endpointName, variant: variant)
    policy = state?.policies.first { $0.name == Self.policyName }
    alarm = try Self.alarm(of: resource, with: client)
    let others = (state?.policies ?? []).filter { $0.name != Self.policyName }
    other = try others.first { policy in
      try StepAlarms.calling([policy], with: client).contains {
        $0.json["MetricName"]?.stringValue == Self.metric
      }
    }?.name
  }

  /// Puts policy and alarm, as far as they differ.
  ///
  /// - Returns: what changed.
  func put(with client: ControlClient) throws -> [ScalingChange.Difference] {
    guard other == nil else { return [] }
    var differences: [ScalingChange.Difference] = []
    var arn = policy?.arn
    if !Self.step.isMet(by: policy) {
      let put = try client.write(
        PutScalingPolicy(resource: resource, policyName: Self.policyName, step: Self.step))
      arn = put?.policyARN ?? arn
      differences.append(
        .init(setting: "step policy", before: policy?.name, after: Self.policyName))
    }
    guard let action = arn ?? (client.isDryRun ? "ARN of \(Self.policyName)" : nil) else {
      throw Refusal(
        "Application Auto Scaling returned no ARN of the policy \(Self.policyName), so that no alarm "
          + "can call it", advice: "Repeat the command")
    }
    let wanted = wantedAlarm(calling: action)
    if !wanted.isMet(by: alarm) {
      try client.write(PutMetricAlarm(wanted))
      differences.append(.init(setting: "alarm", before: alarm?.name, after: wanted.name))
    }
    return differences
  }

  private func wantedAlarm(calling action: String) -> MetricAlarm {
    MetricAlarm(
      name: Self.alarmName(resource),
      description: "Starts an instance of \(endpointName) when requests wait and there is none",
      metric: Metric(
        namespace: "AWS/SageMaker", name: Self.metric, dimensions: [("EndpointName", endpointName)]
      ), statistic: "Average", periodSeconds: 60, periods: 2, threshold: 1, actions: [action])
  }

  // MARK: The alarm's name

  /// `inferencectl-endpoint/dogs/variant/All-HasBacklogWithoutCapacity`. No other endpoint's name
  /// can begin so, because a name has no slash.
  static func alarmName(_ resource: ScalableResource) -> String {
    "inferencectl-\(resource.resourceID)-\(metric)"
  }

  /// The alarm of a variant; nil without one.
  static func alarm(
    of resource: ScalableResource, with client: ControlClient
  ) throws -> DescribeAlarms.Alarm? {
    try client.read(DescribeAlarms(names: [alarmName(resource)])).metricAlarms.first
  }

  /// The alarms of all variants, also of an endpoint that is gone.
  static func alarmNames(
    ofEndpoint endpointName: String, with client: ControlClient
  ) throws -> [String] {
    try client.read(DescribeAlarms(namePrefix: "inferencectl-endpoint/\(endpointName)/variant/"))
      .metricAlarms.map(\.name)
  }
}

/// Alarms that call step policies. Application Auto Scaling neither creates nor deletes them.
enum StepAlarms {
  static func calling(
    _ policies: [ScalingPolicy], with client: ControlClient
  ) throws -> [DescribeAlarms.Alarm] {
    try policies.filter { $0.type == "StepScaling" }.compactMap(\.arn).flatMap {
      try client.read(DescribeAlarms(action: $0)).metricAlarms
    }
  }
}
