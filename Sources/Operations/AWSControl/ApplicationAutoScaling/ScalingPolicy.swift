import JSON

/// A policy that keeps a metric at a target.
///
/// Source: https://docs.aws.amazon.com/autoscaling/application/APIReference/API_TargetTrackingScalingPolicyConfiguration.html
package struct TargetTracking: Sendable, Equatable {
  /// `LambdaProvisionedConcurrencyUtilization`, `SageMakerVariantInvocationsPerInstance`, ….
  package var predefinedMetric: String
  /// In the metric's unit.
  package var target: Double
  /// Seconds after a scale-in; nil is the service's default.
  package var scaleInCooldownSeconds: Int?
  /// Seconds after a scale-out; nil is the service's default.
  package var scaleOutCooldownSeconds: Int?
  /// Whether it never scales in.
  package var disablesScaleIn: Bool?

  /// A configuration; see the properties.
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

/// A policy as it is.
package struct ScalingPolicy: ResponseShape {
  /// Its name.
  package let name: String
  /// `TargetTrackingScaling`, `StepScaling` or `PredictiveScaling`.
  package let type: String
  /// Nil for policies of another type, or with a metric of one's own.
  package let targetTracking: TargetTracking?
  /// The names of its CloudWatch alarms.
  package let alarmNames: [String]
  /// As it came, for who puts it again.
  package let json: JSONValue

  /// Reads the fields.
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

/// Makes or changes a target-tracking policy, or puts a policy of any kind again.
///
/// `POST /`, `AnyScaleFrontendService.PutScalingPolicy`. Idempotent by name. Errors:
/// `ObjectNotFoundException` (not registered), `ValidationException`, `LimitExceededException`,
/// `ConcurrentUpdateException` (tried again).
/// Source: https://docs.aws.amazon.com/autoscaling/application/APIReference/API_PutScalingPolicy.html
package struct PutScalingPolicy: ScalingOperation, WriteOperation {
  /// Nothing of interest.
  package typealias Output = Acknowledged
  /// The resource.
  package let resource: ScalableResource
  /// 1 to 256 characters.
  package let policyName: String
  /// Metric, target, cooldowns; nil for a policy that is put again.
  package let targetTracking: TargetTracking?
  /// The policy that is put again, in AWS's words.
  private let copied: JSONValue?

  /// A request; see the properties.
  package init(resource: ScalableResource, policyName: String, targetTracking: TargetTracking) {
    self.resource = resource
    self.policyName = policyName
    self.targetTracking = targetTracking
    copied = nil
  }

  /// A policy as `DescribeScalingPolicies` told it, whatever its kind; its alarms are made anew.
  package init(resource: ScalableResource, policyName: String, copying policy: JSONValue) {
    self.resource = resource
    self.policyName = policyName
    targetTracking = nil
    copied = policy
  }

  /// Resource and policy.
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

  private static func input(_ tracking: TargetTracking) -> OperationInput {
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
/// `POST /`, `AnyScaleFrontendService.DescribeScalingPolicies`. Read only. Errors: `ValidationException`.
/// Source: https://docs.aws.amazon.com/autoscaling/application/APIReference/API_DescribeScalingPolicies.html
package struct DescribeScalingPolicies: ScalingOperation, PagedOperation {
  /// A policy.
  package typealias Item = ScalingPolicy
  /// The list's name.
  package static let itemsKey = "ScalingPolicies"
  /// The token's name.
  package static let nextTokenKey = "NextToken"
  /// The resource.
  package let resource: ScalableResource
  /// The page; nil for the first.
  package var pageToken: String?

  /// The first page.
  package init(resource: ScalableResource) { self.resource = resource }

  /// The resource.
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
/// `ValidationException`, `ConcurrentUpdateException` (tried again).
/// Source: https://docs.aws.amazon.com/autoscaling/application/APIReference/API_DeleteScalingPolicy.html
package struct DeleteScalingPolicy: ScalingOperation, WriteOperation {
  /// Nothing.
  package typealias Output = Acknowledged
  /// The resource.
  package let resource: ScalableResource
  /// The policy.
  package let policyName: String

  /// A request; see the properties.
  package init(resource: ScalableResource, policyName: String) {
    self.resource = resource
    self.policyName = policyName
  }

  /// The policy and the resource, as messages name it.
  package var subject: String { "\(policyName) of \(resource.resourceID)" }
  /// Resource and name.
  package var input: OperationInput {
    [
      "PolicyName": policyName, "ServiceNamespace": resource.namespace,
      "ResourceId": resource.resourceID, "ScalableDimension": resource.dimension,
    ]
  }
}
