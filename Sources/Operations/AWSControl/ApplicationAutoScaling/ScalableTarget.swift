import AWSClient
import JSON

package struct ScalableTarget: ResponseShape {
  package let resourceID: String
  package let minimumCapacity: Int
  package let maximumCapacity: Int
  /// The response as received, to register the target again.
  package let json: JSONValue

  package init(_ fields: ResponseFields) throws(MalformedResponse) {
    resourceID = try fields.string("ResourceId")
    minimumCapacity = try fields.integer("MinCapacity")
    maximumCapacity = try fields.integer("MaxCapacity")
    json = fields.json
  }
}

/// Registers a resource for scaling, or changes its bounds.
///
/// `POST /`, `AnyScaleFrontendService.RegisterScalableTarget`. Both bounds are required for a new
/// target; the minimum of an asynchronous endpoint may be 0. Idempotent. Errors: `ValidationException`,
/// `LimitExceededException`, `ConcurrentUpdateException` (retried).
/// Source: https://docs.aws.amazon.com/autoscaling/application/APIReference/API_RegisterScalableTarget.html
package struct RegisterScalableTarget: ScalingOperation, WriteOperation {
  package typealias Output = Acknowledged
  package static let isRepeatable = true
  package let resource: ScalableResource
  /// Nil leaves it.
  package let minimumCapacity: Int?
  /// Nil leaves it.
  package let maximumCapacity: Int?
  /// `SuspendedState` as AWS defines it; nil leaves it.
  package let suspended: JSONValue?

  package init(
    resource: ScalableResource, minimumCapacity: Int? = nil, maximumCapacity: Int? = nil,
    suspended: JSONValue? = nil
  ) {
    self.resource = resource
    self.minimumCapacity = minimumCapacity
    self.maximumCapacity = maximumCapacity
    self.suspended = suspended
  }

  package var input: OperationInput {
    [
      "ServiceNamespace": resource.namespace, "ResourceId": resource.resourceID,
      "ScalableDimension": resource.dimension, "MinCapacity": minimumCapacity,
      "MaxCapacity": maximumCapacity, "SuspendedState": suspended,
    ]
  }
}

/// Lists the scalable targets of one kind; unregistered resources are left out.
///
/// `POST /`, `AnyScaleFrontendService.DescribeScalableTargets`. At most 50 resources a call. Read
/// only. Errors: `ValidationException`.
/// Source: https://docs.aws.amazon.com/autoscaling/application/APIReference/API_DescribeScalableTargets.html
package struct DescribeScalableTargets: ScalingOperation, PagedOperation {
  package typealias Item = ScalableTarget
  package static let itemsKey = "ScalableTargets"
  package static let nextTokenKey = "NextToken"
  /// The first resource, which decides namespace and dimension.
  package let resource: ScalableResource
  /// More of the same namespace and dimension, 49 at most.
  package let otherResources: [ScalableResource]
  package var pageToken: String?

  package init(resource: ScalableResource, otherResources: [ScalableResource] = []) {
    self.resource = resource
    self.otherResources = otherResources
  }

  package var input: OperationInput {
    [
      "ServiceNamespace": resource.namespace,
      "ResourceIds": ([resource] + otherResources).map(\.resourceID),
      "ScalableDimension": resource.dimension, "NextToken": pageToken,
    ]
  }
}

/// Deregisters a resource and deletes its policies and schedules.
///
/// `POST /`, `AnyScaleFrontendService.DeregisterScalableTarget`. The capacity stays as it is.
/// Errors: `ObjectNotFoundException`, `ValidationException`, `ConcurrentUpdateException` (retried).
/// Source: https://docs.aws.amazon.com/autoscaling/application/APIReference/API_DeregisterScalableTarget.html
package struct DeregisterScalableTarget: ScalingOperation, WriteOperation {
  package typealias Output = Acknowledged
  /// The second time it is not registered.
  package static let isRepeatable = true
  package let resource: ScalableResource

  package init(resource: ScalableResource) { self.resource = resource }

  package var input: OperationInput {
    [
      "ServiceNamespace": resource.namespace, "ResourceId": resource.resourceID,
      "ScalableDimension": resource.dimension,
    ]
  }

  package func outputIfReached(after error: AWSError, with client: ControlClient) -> Output? {
    error.code == .objectNotFound ? .done : nil
  }
}
