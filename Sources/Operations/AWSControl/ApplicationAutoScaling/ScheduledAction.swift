import AWSClient
import JSON

/// An action that sets bounds on a schedule.
package struct ScheduledAction: ResponseShape {
  package let name: String
  /// `at(…)`, `rate(…)` or `cron(…)` with six fields.
  package let schedule: String
  /// For example `Europe/Berlin`; nil is UTC.
  package let timezone: String?
  /// The minimum from then on; nil leaves it.
  package let minimumCapacity: Int?
  /// The maximum from then on; nil leaves it.
  package let maximumCapacity: Int?
  /// The response as received, to put it again.
  package let json: JSONValue

  package init(_ fields: ResponseFields) throws(MalformedResponse) {
    json = fields.json
    name = try fields.string("ScheduledActionName")
    schedule = try fields.string("Schedule")
    timezone = fields.optionalString("Timezone")
    let action = fields.json["ScalableTargetAction"]
    minimumCapacity = action?["MinCapacity"]?.int64Value.map(Int.init)
    maximumCapacity = action?["MaxCapacity"]?.int64Value.map(Int.init)
  }
}

/// Creates or changes a scheduled action.
///
/// `POST /`, `AnyScaleFrontendService.PutScheduledAction`. Idempotent by name. Errors:
/// `ObjectNotFoundException` (not registered), `ValidationException`, `LimitExceededException`,
/// `ConcurrentUpdateException` (retried).
/// Source: https://docs.aws.amazon.com/autoscaling/application/APIReference/API_PutScheduledAction.html
package struct PutScheduledAction: ScalingOperation, WriteOperation {
  package typealias Output = Acknowledged
  package static let isRepeatable = true
  package let resource: ScalableResource
  /// 1 to 1,600 characters without `:`, `/` and `|`.
  package let actionName: String
  /// `at(…)`, `rate(…)` or `cron(…)` with six fields.
  package let schedule: String
  /// For example `Europe/Berlin`; nil is UTC.
  package let timezone: String?
  /// The minimum from then on; nil leaves it.
  package let minimumCapacity: Int?
  /// The maximum from then on; nil leaves it.
  package let maximumCapacity: Int?
  /// The first moment, Unix seconds; nil is at once.
  package var startTime: JSONValue?
  /// The last moment, Unix seconds; nil is never.
  package var endTime: JSONValue?

  package init(
    resource: ScalableResource, actionName: String, schedule: String, timezone: String? = nil,
    minimumCapacity: Int? = nil, maximumCapacity: Int? = nil
  ) {
    self.resource = resource
    self.actionName = actionName
    self.schedule = schedule
    self.timezone = timezone
    self.minimumCapacity = minimumCapacity
    self.maximumCapacity = maximumCapacity
  }

  package var input: OperationInput {
    [
      "ServiceNamespace": resource.namespace, "Schedule": schedule, "Timezone": timezone,
      "ScheduledActionName": actionName, "ResourceId": resource.resourceID,
      "ScalableDimension": resource.dimension, "StartTime": startTime, "EndTime": endTime,
      "ScalableTargetAction": [
        "MinCapacity": minimumCapacity, "MaxCapacity": maximumCapacity,
      ] as OperationInput,
    ]
  }
}

/// Lists the scheduled actions of a resource.
///
/// `POST /`, `AnyScaleFrontendService.DescribeScheduledActions`. Read only. Errors:
/// `ValidationException`.
/// Source: https://docs.aws.amazon.com/autoscaling/application/APIReference/API_DescribeScheduledActions.html
package struct DescribeScheduledActions: ScalingOperation, PagedOperation {
  package typealias Item = ScheduledAction
  package static let itemsKey = "ScheduledActions"
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

/// Deletes a scheduled action.
///
/// `POST /`, `AnyScaleFrontendService.DeleteScheduledAction`. Errors: `ObjectNotFoundException`,
/// `ValidationException`, `ConcurrentUpdateException` (retried).
/// Source: https://docs.aws.amazon.com/autoscaling/application/APIReference/API_DeleteScheduledAction.html
package struct DeleteScheduledAction: ScalingOperation, WriteOperation {
  package typealias Output = Acknowledged
  /// The second time there is no such action.
  package static let isRepeatable = true
  package let resource: ScalableResource
  package let actionName: String

  package init(resource: ScalableResource, actionName: String) {
    self.resource = resource
    self.actionName = actionName
  }

  /// The action and the resource, for messages.
  package var subject: String { "\(actionName) of \(resource.resourceID)" }
  package var input: OperationInput {
    [
      "ServiceNamespace": resource.namespace, "ScheduledActionName": actionName,
      "ResourceId": resource.resourceID, "ScalableDimension": resource.dimension,
    ]
  }

  package func outputIfReached(after error: AWSError, with client: ControlClient) -> Output? {
    error.code == .objectNotFound ? .done : nil
  }
}
