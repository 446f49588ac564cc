import AWSClient
import JSON

/// A target-tracking policy.
///
/// Source: https://docs.aws.amazon.com/autoscaling/application/APIReference/API_TargetTrackingScalingPolicyConfiguration.html
package struct TargetTracking: Sendable, Equatable {
  /// For example `LambdaProvisionedConcurrencyUtilization`.
  package var predefinedMetric: String
  package var target: Double
  /// Seconds after a scale-in; nil is the service's default.
  package var scaleInCooldownSeconds: Int?
  /// Seconds after a scale-out; nil is the service's default.
  package var scaleOutCooldownSeconds: Int?
  /// Whether it never scales in.
  package var disablesScaleIn: Bool?

  package init(
    predefinedMetric: String, target: Double, scaleInCooldownSeconds: Int? = nil,
    scaleOutCooldownSeconds: Int? = nil, disablesScaleIn: Bool? = nil
  ) {
    self.predefinedMetric = predefinedMetric
    self.target = target
    self.scaleInCooldownSeconds = scaleInCooldownSeconds
    self.scaleOutCooldownSeconds = scaleOutCooldownSeconds
    self.disablesScaleIn = disablesScaleIn
  }
}

package struct ScalingPolicy: ResponseShape {
  package let name: String
  /// `TargetTrackingScaling`, `StepScaling` or `PredictiveScaling`.
  package let type: String
  /// Nil for policies of another type, or with a custom metric.
  package let targetTracking: TargetTracking?
  package let alarmNames: [String]
  /// The response as received, to put it again.
  package let json: JSONValue

  package init(_ fields: ResponseFields) throws(MalformedResponse) {
    json = fields.json
    name = try fields.string("PolicyName")
    type = try fields.string("PolicyType")
    let configuration = fields.json["TargetTrackingScalingPolicyConfiguration"]
    let metric = configuration?["PredefinedMetricSpecification"]?["PredefinedMetricType"]
    if let metric = metric?.stringValue, let target = configuration?["TargetValue"]?.doubleValue {
      targetTracking = TargetTracking(
        predefinedMetric: metric, target: target,
        scaleInCooldownSeconds: configuration?["ScaleInCooldown"]?.int64Value.map(Int.init),
        scaleOutCooldownSeconds: configuration?["ScaleOutCooldown"]?.int64Value.map(Int.init),
        disablesScaleIn: configuration?["DisableScaleIn"]?.boolValue)
    } else {
      targetTracking = nil
    }
    alarmNames = (fields.json["Alarms"]?.arrayValue ?? []).compactMap {
      $0["AlarmName"]?.stringValue
    }
  }
}

/// Creates or changes a target-tracking policy, or puts a policy of any kind again.
///
/// `POST /`, `AnyScaleFrontendService.PutScalingPolicy`. Idempotent by name. Errors:
/// `ObjectNotFoundException` (not registered), `ValidationException`, `LimitExceededException`,
/// `ConcurrentUpdateException` (retried).
/// Source: https://docs.aws.amazon.com/autoscaling/application/APIReference/API_PutScalingPolicy.html
package struct PutScalingPolicy: ScalingOperation, WriteOperation {
  package typealias Output = Acknowledged
  package static let isRepeatable = true
  package let resource: ScalableResource
  /// 1 to 256 characters.
  package let policyName: String
  /// Metric, target, cooldowns; nil for a policy that is put again.
  package let targetTracking: TargetTracking?
  /// The policy that is put again, as AWS defines it.
  private let copied: JSONValue?

  package init(resource: ScalableResource, policyName: String, targetTracking: TargetTracking) {
    self.resource = resource
    self.policyName = policyName
    self.targetTracking = targetTracking
    copied = nil
  }

  /// A policy of any kind, from `DescribeScalingPolicies`; its alarms are created again.
  package init(resource: ScalableResource, policyName: String, copying policy: JSONValue) {
    self.resource = resource
    self.policyName = policyName
    targetTracking = nil
    copied = policy
  }

  package var input: OperationInput {
    let tracking: (any InputValue)? =
      targetTracking.map(Self.input) ?? copied?["TargetTrackingScalingPolicyConfiguration"]
    return [
      "PolicyName": policyName, "ServiceNamespace": resource.namespace,
      "ResourceId": resource.resourceID, "ScalableDimension": resource.dimension,
      "PolicyType": copied?["PolicyType"]?.stringValue ?? "TargetTrackingScaling",
      "TargetTrackingScalingPolicyConfiguration": tracking,
      "StepScalingPolicyConfiguration": copied?["StepScalingPolicyConfiguration"],
      "PredictiveScalingPolicyConfiguration": copied?["PredictiveScalingPolicyConfiguration"],
    ]
  }

  static func input(_ tracking: TargetTracking) -> OperationInput {
    [
      "TargetValue": tracking.target,
      "PredefinedMetricSpecification": [
        "PredefinedMetricType": tracking.predefinedMetric
      ] as OperationInput,
      "ScaleOutCooldown": tracking.scaleOutCooldownSeconds,
      "ScaleInCooldown": tracking.scaleInCooldownSeconds,
      "DisableScaleIn": tracking.disablesScaleIn,
    ]
  }
}

/// Lists the policies of a resource.
///
/// `POST /`, `AnyScaleFrontendService.DescribeScalingPolicies`. Read only. Errors:
/// `ValidationException`.
/// Source: https://docs.aws.amazon.com/autoscaling/application/APIReference/API_DescribeScalingPolicies.html
package struct DescribeScalingPolicies: ScalingOperation, PagedOperation {
  package typealias Item = ScalingPolicy
  package static let itemsKey = "ScalingPolicies"
  package static let nextTokenKey = "NextToken"
  package let resource: ScalableResource
  package var pageToken: String?

  package init(resource: ScalableResource) { self.resource = resource }

  package var input: OperationInput {
    [
      "ServiceNamespace": resource.namespace, "ResourceId": resource.resourceID,
      "ScalableDimension": resource.dimension, "NextToken": pageToken,
    ]
  }
}

/// Deletes a policy and its alarms.
///
/// `POST /`, `AnyScaleFrontendService.DeleteScalingPolicy`. Errors: `ObjectNotFoundException`,
/// `ValidationException`, `ConcurrentUpdateException` (retried).
/// Source: https://docs.aws.amazon.com/autoscaling/application/APIReference/API_DeleteScalingPolicy.html
package struct DeleteScalingPolicy: ScalingOperation, WriteOperation {
  package typealias Output = Acknowledged
  /// The second time there is no such policy.
  package static let isRepeatable = true
  package let resource: ScalableResource
  package let policyName: String

  package init(resource: ScalableResource, policyName: String) {
    self.resource = resource
    self.policyName = policyName
  }

  /// The policy and the resource, for messages.
  package var subject: String { "\(policyName) of \(resource.resourceID)" }
  package var input: OperationInput {
    [
      "PolicyName": policyName, "ServiceNamespace": resource.namespace,
      "ResourceId": resource.resourceID, "ScalableDimension": resource.dimension,
    ]
  }

  package func outputIfReached(after error: AWSError, with client: ControlClient) -> Output? {
    error.code == .objectNotFound ? .done : nil
  }
}
