import JSON

/// A policy that keeps a metric at a target.
///
/// Source: https://docs.aws.amazon.com/autoscaling/application/APIReference/API_TargetTrackingScalingPolicyConfiguration.html
public struct TargetTracking: Sendable, Equatable {
  /// `LambdaProvisionedConcurrencyUtilization`, `SageMakerVariantInvocationsPerInstance`, ….
  public var predefinedMetric: String
  /// In the metric's unit.
  public var target: Double
  /// Seconds after a scale-in; nil is the service's default.
  public var scaleInCooldownSeconds: Int?
  /// Seconds after a scale-out; nil is the service's default.
  public var scaleOutCooldownSeconds: Int?
  /// Whether it never scales in.
  public var disablesScaleIn: Bool?

  /// A configuration; see the properties.
  public init(
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
public struct ScalingPolicy: ResponseShape {
  /// Its name.
  public let name: String
  /// `TargetTrackingScaling`, `StepScaling` or `PredictiveScaling`.
  public let type: String
  /// Nil for policies of another type, or with a metric of one's own.
  public let targetTracking: TargetTracking?
  /// The names of its CloudWatch alarms.
  public let alarmNames: [String]
  /// As it came, for who puts it again.
  public let json: JSONValue

  /// Reads the fields.
  public init(_ fields: ResponseFields) throws(MalformedResponse) {
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
public struct PutScalingPolicy: ScalingOperation, WriteOperation {
  /// Nothing of interest.
  public typealias Output = Acknowledged
  /// The resource.
  public let resource: ScalableResource
  /// 1 to 256 characters.
  public let policyName: String
  /// Metric, target, cooldowns; nil for a policy that is put again.
  public let targetTracking: TargetTracking?
  /// The policy that is put again, in AWS's words.
  private let copied: JSONValue?

  /// A request; see the properties.
  public init(resource: ScalableResource, policyName: String, targetTracking: TargetTracking) {
    self.resource = resource
    self.policyName = policyName
    self.targetTracking = targetTracking
    copied = nil
  }

  /// A policy as `DescribeScalingPolicies` told it, whatever its kind; its alarms are made anew.
  public init(resource: ScalableResource, policyName: String, copying policy: JSONValue) {
    self.resource = resource
    self.policyName = policyName
    targetTracking = nil
    copied = policy
  }

  /// Resource and policy.
  public var input: OperationInput {
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
public struct DescribeScalingPolicies: ScalingOperation, PagedOperation {
  /// A policy.
  public typealias Item = ScalingPolicy
  /// The list's name.
  public static let itemsKey = "ScalingPolicies"
  /// The token's name.
  public static let nextTokenKey = "NextToken"
  /// The resource.
  public let resource: ScalableResource
  /// The page; nil for the first.
  public var pageToken: String?

  /// The first page.
  public init(resource: ScalableResource) { self.resource = resource }

  /// The resource.
  public var input: OperationInput {
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
public struct DeleteScalingPolicy: ScalingOperation, WriteOperation {
  /// Nothing.
  public typealias Output = Acknowledged
  /// The resource.
  public let resource: ScalableResource
  /// The policy.
  public let policyName: String

  /// A request; see the properties.
  public init(resource: ScalableResource, policyName: String) {
    self.resource = resource
    self.policyName = policyName
  }

  /// The policy and the resource, as messages name it.
  public var subject: String { "\(policyName) of \(resource.resourceID)" }
  /// Resource and name.
  public var input: OperationInput {
    [
      "PolicyName": policyName, "ServiceNamespace": resource.namespace,
      "ResourceId": resource.resourceID, "ScalableDimension": resource.dimension,
    ]
  }
}
