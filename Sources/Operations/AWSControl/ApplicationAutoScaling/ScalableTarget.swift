import JSON

/// A resource that may be scaled, with its bounds.
package struct ScalableTarget: ResponseShape {
  /// The resource.
  package let resourceID: String
  /// The least.
  package let minimumCapacity: Int
  /// The most.
  package let maximumCapacity: Int
  /// Whether scaling in by policies is suspended.
  package let scaleInIsSuspended: Bool
  /// Whether scaling out by policies is suspended.
  package let scaleOutIsSuspended: Bool
  /// Whether scheduled scaling is suspended.
  package let schedulesAreSuspended: Bool
  /// As it came, for who registers it again.
  package let json: JSONValue

  /// Reads the fields.
  package init(_ fields: ResponseFields) throws(MalformedResponse) {
    resourceID = try fields.string("ResourceId")
    minimumCapacity = try fields.integer("MinCapacity")
    maximumCapacity = try fields.integer("MaxCapacity")
    let suspended = fields.json["SuspendedState"]
    scaleInIsSuspended = suspended?["DynamicScalingInSuspended"]?.boolValue ?? false
    scaleOutIsSuspended = suspended?["DynamicScalingOutSuspended"]?.boolValue ?? false
    schedulesAreSuspended = suspended?["ScheduledScalingSuspended"]?.boolValue ?? false
    json = fields.json
  }
}

/// Registers a resource for scaling, or changes its bounds.
///
/// `POST /`, `AnyScaleFrontendService.RegisterScalableTarget`. Both bounds are needed when it is new; a
/// real-time variant's least is 1. Idempotent. Errors: `ValidationException`, `LimitExceededException`,
/// `ConcurrentUpdateException` (tried again).
/// Source: https://docs.aws.amazon.com/autoscaling/application/APIReference/API_RegisterScalableTarget.html
package struct RegisterScalableTarget: ScalingOperation, WriteOperation {
  /// Nothing of interest.
  package typealias Output = Acknowledged
  /// The resource.
  package let resource: ScalableResource
  /// The least.
  package let minimumCapacity: Int
  /// The most.
  package let maximumCapacity: Int
  /// `SuspendedState` in AWS's words; nil leaves it.
  package var suspended: JSONValue?

  /// A request; see the properties.
  package init(resource: ScalableResource, minimumCapacity: Int, maximumCapacity: Int) {
    self.resource = resource
    self.minimumCapacity = minimumCapacity
    self.maximumCapacity = maximumCapacity
  }

  /// Resource and bounds.
  package var input: OperationInput {
    [
      "ServiceNamespace": resource.namespace, "ResourceId": resource.resourceID,
      "ScalableDimension": resource.dimension, "MinCapacity": minimumCapacity,
      "MaxCapacity": maximumCapacity, "SuspendedState": suspended,
    ]
  }
}

/// Lists the registrations of resources of one kind: those that are not registered are left out.
///
/// `POST /`, `AnyScaleFrontendService.DescribeScalableTargets`. At most 50 resources a call. Read only.
/// Errors: `ValidationException`.
/// Source: https://docs.aws.amazon.com/autoscaling/application/APIReference/API_DescribeScalableTargets.html
package struct DescribeScalableTargets: ScalingOperation, PagedOperation {
  /// A registration.
  package typealias Item = ScalableTarget
  /// The list's name.
  package static let itemsKey = "ScalableTargets"
  /// The token's name.
  package static let nextTokenKey = "NextToken"
  /// The first resource; it tells the kind.
  package let resource: ScalableResource
  /// More of the same namespace and dimension, 49 at most.
  package let otherResources: [ScalableResource]
  /// The page; nil for the first.
  package var pageToken: String?

  /// The first page.
  package init(resource: ScalableResource, otherResources: [ScalableResource] = []) {
    self.resource = resource
    self.otherResources = otherResources
  }

  /// The resources.
  package var input: OperationInput {
    [
      "ServiceNamespace": resource.namespace,
      "ResourceIds": ([resource] + otherResources).map(\.resourceID),
      "ScalableDimension": resource.dimension, "NextToken": pageToken,
    ]
  }
}

/// Ends the scaling of a resource; its policies and schedules go with it.
///
/// `POST /`, `AnyScaleFrontendService.DeregisterScalableTarget`. The capacity stays as it is. Errors:
/// `ObjectNotFoundException`, `ValidationException`, `ConcurrentUpdateException` (tried again).
/// Source: https://docs.aws.amazon.com/autoscaling/application/APIReference/API_DeregisterScalableTarget.html
package struct DeregisterScalableTarget: ScalingOperation, WriteOperation {
  /// Nothing.
  package typealias Output = Acknowledged
  /// The resource.
  package let resource: ScalableResource

  /// A request.
  package init(resource: ScalableResource) { self.resource = resource }

  /// The resource.
  package var input: OperationInput {
    [
      "ServiceNamespace": resource.namespace, "ResourceId": resource.resourceID,
      "ScalableDimension": resource.dimension,
    ]
  }
}
