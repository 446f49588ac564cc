import AWSClient
import JSON

/// A policy of any type.
package struct ScalingPolicy: ResponseShape {
  package let name: String
  /// Changes when a policy is deleted and put again, also under the same name.
  package let arn: String?
  /// `TargetTrackingScaling`, `StepScaling` or `PredictiveScaling`.
  package let type: String
  /// Nil for a policy of another type, or of several metrics.
  package let targetTracking: TargetTracking?
  package let alarmNames: [String]
  /// The response as received, to put it again.
  package let json: JSONValue

  package init(_ fields: ResponseFields) throws(MalformedResponse) {
    json = fields.json
    name = try fields.string("PolicyName")
    type = try fields.string("PolicyType")
    arn = fields.optionalString("PolicyARN")
    targetTracking = TargetTracking(
      configuration: fields.json["TargetTrackingScalingPolicyConfiguration"])
    alarmNames = (fields.json["Alarms"]?.arrayValue ?? []).compactMap {
      $0["AlarmName"]?.stringValue
    }
  }
}

/// Creates or changes a policy, or puts a policy of any kind again.
///
/// `POST /`, `AnyScaleFrontendService.PutScalingPolicy`. Idempotent by name. Errors:
/// `ObjectNotFoundException` (not registered), `ValidationException`, `LimitExceededException`,
/// `ConcurrentUpdateException` (retried).
/// Source: https://docs.aws.amazon.com/autoscaling/application/APIReference/API_PutScalingPolicy.html
package struct PutScalingPolicy: ScalingOperation, WriteOperation {
  package struct Output: ResponseShape {
    /// What an alarm has to call that runs a step policy.
    package let policyARN: String?

    package init(_ fields: ResponseFields) {
      policyARN = fields.optionalString("PolicyARN")
    }
  }

  package static let isRepeatable = true
  package let resource: ScalableResource
  /// 1 to 256 characters.
  package let policyName: String
  /// `PolicyType` and its configuration.
  private let policy: JSONObject

  package init(resource: ScalableResource, policyName: String, targetTracking: TargetTracking) {
    self.init(
      resource: resource, policyName: policyName,
      copying: ([
        "PolicyType": "TargetTrackingScaling",
        "TargetTrackingScalingPolicyConfiguration": targetTracking.input,
      ] as OperationInput).json)
  }

  package init(resource: ScalableResource, policyName: String, step: StepScaling) {
    self.init(
      resource: resource, policyName: policyName,
      copying: (["PolicyType": "StepScaling", "StepScalingPolicyConfiguration": step.input]
        as OperationInput).json)
  }

  /// A policy of any kind, from `DescribeScalingPolicies`. The alarms of target tracking are created
  /// again; an alarm that calls a step policy must call the new ARN.
  package init(resource: ScalableResource, policyName: String, copying policy: JSONValue) {
    self.resource = resource
    self.policyName = policyName
    var copied = JSONObject()
    for name in Self.copiedMembers {
      if let value = policy[name], value != .null { copied.set(name, to: value) }
    }
    self.policy = copied
  }

  private static let copiedMembers = [
    "PolicyType", "TargetTrackingScalingPolicyConfiguration", "StepScalingPolicyConfiguration",
    "PredictiveScalingPolicyConfiguration",
  ]

  package var input: OperationInput {
    var input: OperationInput = [
      "PolicyName": policyName, "ServiceNamespace": resource.namespace,
      "ResourceId": resource.resourceID, "ScalableDimension": resource.dimension,
    ]
    for member in policy.members { input.set(member.key, to: member.value) }
    return input
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
