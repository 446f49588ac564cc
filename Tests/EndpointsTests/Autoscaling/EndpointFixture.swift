import AWSControl
import OperationsSupport
import Platform
import TestSupport

/// The endpoint `dogs` with some variants, as SageMaker answers about it.
final class EndpointFixture {
  typealias Routes = [String: [ScriptedServer.Answer]]

  let server: RoutedServer
  let control: ControlFixture
  var client: ControlClient { control.client }
  var waiter: Waiter { Waiter(clock: control.clock) }

  /// In service with one variant `All`, one `ml.m5.large`, not scaled, unless `routes` say
  /// otherwise.
  init(_ routes: Routes = [:], type: String = "ml.m5.large", dryRun: Bool = false) throws {
    let usual: Routes = [
      "DescribeEndpoint": [Self.endpoint()],
      "DescribeEndpointConfig": [
        Self.configuration(
          #"{"VariantName":"All","ModelName":"m","InstanceType":"\#(type)","InitialInstanceCount":1}"#
        )
      ],
      "DescribeScalableTargets": [.init(200, body: #"{"ScalableTargets":[]}"#)],
      "DescribeScalingPolicies": [.init(200, body: #"{"ScalingPolicies":[]}"#)],
      "DescribeScheduledActions": [.init(200, body: #"{"ScheduledActions":[]}"#)],
      "DescribeScalingActivities": [.init(200, body: #"{"ScalingActivities":[]}"#)],
      "UpdateEndpointWeightsAndCapacities": [.init(200, body: #"{"EndpointArn":"arn"}"#)],
      "RegisterScalableTarget": [.init(200, body: "{}")],
      "PutScalingPolicy": [.init(200, body: "{}")],
      "DeregisterScalableTarget": [.init(200, body: "{}")],
    ]
    server = try RoutedServer(usual.merging(routes) { $1 })
    control = try ControlFixture(url: server.baseURL, dryRun: dryRun)
  }

  /// A client for one task; the server lives as long as that.
  static func asking<Value>(
    _ routes: Routes = [:], type: String = "ml.m5.large", _ task: (ControlClient) throws -> Value
  ) throws -> Value {
    let fixture = try EndpointFixture(routes, type: type)
    return try withExtendedLifetime(fixture) { try task(fixture.client) }
  }

  /// The calls that change something.
  var writes: [String] { server.calls.filter { !$0.hasPrefix("Describe") } }

  static func endpoint(
    _ status: String = "InService", _ variants: String..., reason: String? = nil
  ) -> ScriptedServer.Answer {
    let shown = variants.isEmpty ? [variant()] : variants
    return .init(
      200,
      body: """
        {"EndpointName":"dogs","EndpointArn":"arn:dogs","EndpointConfigName":"c","EndpointStatus":"\(status)",
        "ProductionVariants":[\(shown.joined(separator: ","))]\(reason.map { ",\"FailureReason\":\"\($0)\"" } ?? "")}
        """)
  }

  static func variant(
    _ name: String = "All", now: Int = 1, wanted: Int = 1, weight: Double = 1
  ) -> String {
    """
    {"VariantName":"\(name)","CurrentInstanceCount":\(now),"DesiredInstanceCount":\(wanted),
    "CurrentWeight":\(weight),"DesiredWeight":\(weight)}
    """
  }

  static func configuration(_ variants: String...) -> ScriptedServer.Answer {
    .init(
      200,
      body:
        #"{"EndpointConfigName":"c","ProductionVariants":[\#(variants.joined(separator: ","))]}"#)
  }

  static func scaled(_ minimum: Int, _ maximum: Int) -> ScriptedServer.Answer {
    .init(
      200,
      body: """
        {"ScalableTargets":[{"ServiceNamespace":"sagemaker","ResourceId":"endpoint/dogs/variant/All",
        "ScalableDimension":"sagemaker:variant:DesiredInstanceCount","MinCapacity":\(minimum),
        "MaxCapacity":\(maximum),"SuspendedState":{"DynamicScalingInSuspended":true}}]}
        """)
  }

  static func policies(_ target: Double, metric: String = "SageMakerVariantInvocationsPerInstance")
    -> ScriptedServer.Answer
  {
    .init(
      200,
      body: """
        {"ScalingPolicies":[{"PolicyName":"theirs","PolicyType":"TargetTrackingScaling",
        "TargetTrackingScalingPolicyConfiguration":{"TargetValue":\(target),"ScaleInCooldown":300,
        "ScaleOutCooldown":60,"PredefinedMetricSpecification":{"PredefinedMetricType":"\(metric)"}}}]}
        """)
  }
}
