import JSON

/// New bounds at certain times.
public struct ScheduledAction: ResponseShape {
  /// Its name.
  public let name: String
  /// `at(…)`, `rate(…)` or `cron(…)` with six fields.
  public let schedule: String
  /// As `Europe/Berlin`; nil is UTC.
  public let timezone: String?
  /// The least from then on; nil leaves it.
  public let minimumCapacity: Int?
  /// The most from then on; nil leaves it.
  public let maximumCapacity: Int?
  /// As it came, for who puts it again.
  public let json: JSONValue

  /// Reads the fields.
  public init(_ fields: ResponseFields) throws(MalformedResponse) {
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
public struct PutScheduledAction: ScalingOperation, WriteOperation {
  /// Nothing.
  public typealias Output = Acknowledged
  /// The resource.
  public let resource: ScalableResource
  /// 1 to 1,600 characters without `:`, `/` and `|`.
  public let actionName: String
  /// `at(…)`, `rate(…)` or `cron(…)` with six fields.
  public let schedule: String
  /// As `Europe/Berlin`; nil is UTC.
  public let timezone: String?
  /// The least from then on; nil leaves it.
  public let minimumCapacity: Int?
  /// The most from then on; nil leaves it.
  public let maximumCapacity: Int?
  /// The first moment, Unix seconds; nil is at once.
  public var startTime: JSONValue?
  /// The last moment, Unix seconds; nil is never.
  public var endTime: JSONValue?

  /// A request; see the properties.
  public init(
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
  public var input: OperationInput {
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
public struct DescribeScheduledActions: ScalingOperation, PagedOperation {
  /// An action.
  public typealias Item = ScheduledAction
  /// The list's name.
  public static let itemsKey = "ScheduledActions"
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

/// Deletes a scheduled action.
///
/// `POST /`, `AnyScaleFrontendService.DeleteScheduledAction`. Errors: `ObjectNotFoundException`,
/// `ValidationException`, `ConcurrentUpdateException` (tried again).
/// Source: https://docs.aws.amazon.com/autoscaling/application/APIReference/API_DeleteScheduledAction.html
public struct DeleteScheduledAction: ScalingOperation, WriteOperation {
  /// Nothing.
  public typealias Output = Acknowledged
  /// The resource.
  public let resource: ScalableResource
  /// The action.
  public let actionName: String

  /// A request; see the properties.
  public init(resource: ScalableResource, actionName: String) {
    self.resource = resource
    self.actionName = actionName
  }

  /// The action and the resource, as messages name it.
  public var subject: String { "\(actionName) of \(resource.resourceID)" }
  /// Resource and name.
  public var input: OperationInput {
    [
      "ServiceNamespace": resource.namespace, "ScheduledActionName": actionName,
      "ResourceId": resource.resourceID, "ScalableDimension": resource.dimension,
    ]
  }
}
