import JSON

/// New bounds at certain times.
package struct ScheduledAction: ResponseShape {
  /// Its name.
  package let name: String
  /// `at(…)`, `rate(…)` or `cron(…)` with six fields.
  package let schedule: String
  /// As `Europe/Berlin`; nil is UTC.
  package let timezone: String?
  /// The least from then on; nil leaves it.
  package let minimumCapacity: Int?
  /// The most from then on; nil leaves it.
  package let maximumCapacity: Int?
  /// As it came, for who puts it again.
  package let json: JSONValue

  /// Reads the fields.
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

/// Makes or changes a scheduled action.
///
/// `POST /`, `AnyScaleFrontendService.PutScheduledAction`. Idempotent by name. Errors:
/// `ObjectNotFoundException` (not registered), `ValidationException`, `LimitExceededException`,
/// `ConcurrentUpdateException` (tried again).
/// Source: https://docs.aws.amazon.com/autoscaling/application/APIReference/API_PutScheduledAction.html
package struct PutScheduledAction: ScalingOperation, WriteOperation {
  /// Nothing.
  package typealias Output = Acknowledged
  /// The resource.
  package let resource: ScalableResource
  /// 1 to 1,600 characters without `:`, `/` and `|`.
  package let actionName: String
  /// `at(…)`, `rate(…)` or `cron(…)` with six fields.
  package let schedule: String
  /// As `Europe/Berlin`; nil is UTC.
  package let timezone: String?
  /// The least from then on; nil leaves it.
  package let minimumCapacity: Int?
  /// The most from then on; nil leaves it.
  package let maximumCapacity: Int?
  /// The first moment, Unix seconds; nil is at once.
  package var startTime: JSONValue?
  /// The last moment, Unix seconds; nil is never.
  package var endTime: JSONValue?

  /// A request; see the properties.
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

  /// Resource, times and bounds.
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
/// `POST /`, `AnyScaleFrontendService.DescribeScheduledActions`. Read only. Errors: `ValidationException`.
/// Source: https://docs.aws.amazon.com/autoscaling/application/APIReference/API_DescribeScheduledActions.html
package struct DescribeScheduledActions: ScalingOperation, PagedOperation {
  /// An action.
  package typealias Item = ScheduledAction
  /// The list's name.
  package static let itemsKey = "ScheduledActions"
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

/// Deletes a scheduled action.
///
/// `POST /`, `AnyScaleFrontendService.DeleteScheduledAction`. Errors: `ObjectNotFoundException`,
/// `ValidationException`, `ConcurrentUpdateException` (tried again).
/// Source: https://docs.aws.amazon.com/autoscaling/application/APIReference/API_DeleteScheduledAction.html
package struct DeleteScheduledAction: ScalingOperation, WriteOperation {
  /// Nothing.
  package typealias Output = Acknowledged
  /// The resource.
  package let resource: ScalableResource
  /// The action.
  package let actionName: String

  /// A request; see the properties.
  package init(resource: ScalableResource, actionName: String) {
    self.resource = resource
    self.actionName = actionName
  }

  /// The action and the resource, as messages name it.
  package var subject: String { "\(actionName) of \(resource.resourceID)" }
  /// Resource and name.
  package var input: OperationInput {
    [
      "ServiceNamespace": resource.namespace, "ScheduledActionName": actionName,
      "ResourceId": resource.resourceID, "ScalableDimension": resource.dimension,
    ]
  }
}
