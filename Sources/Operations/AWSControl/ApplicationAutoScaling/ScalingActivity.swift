/// Something that scaling did, or tried.
public struct ScalingActivity: ResponseShape {
  /// What: `Setting desired instance count to 2.`
  public let description: String
  /// Why: `monitor alarm … in state ALARM triggered policy …`
  public let cause: String
  /// Unix seconds.
  public let startTime: Double
  /// `Pending`, `InProgress`, `Successful`, `Overridden`, `Unfulfilled`, `Failed`.
  public let statusCode: String
  /// Why it has this status.
  public let statusMessage: String?
  /// Codes of why nothing was scaled, as `AlreadyAtMaxCapacity`.
  public let notScaledReasons: [String]

  /// Reads the fields.
  public init(_ fields: ResponseFields) throws(MalformedResponse) {
    description = try fields.string("Description")
    cause = try fields.string("Cause")
    startTime = try fields.double("StartTime")
    statusCode = try fields.string("StatusCode")
    statusMessage = fields.optionalString("StatusMessage")
    notScaledReasons = (fields.json["NotScaledReasons"]?.arrayValue ?? []).compactMap {
      $0["Code"]?.stringValue
    }
  }
}

/// Reads a resource's latest activities, the last six weeks', newest first.
///
/// `POST /`, `AnyScaleFrontendService.DescribeScalingActivities`. One page is what a person looks at:
/// use `ControlClient.read`, and `all` for the whole history. Read only. Errors: `ValidationException`.
/// Source: https://docs.aws.amazon.com/autoscaling/application/APIReference/API_DescribeScalingActivities.html
public struct DescribeScalingActivities: ScalingOperation, PagedOperation {
  /// An activity.
  public typealias Item = ScalingActivity
  /// The list's name.
  public static let itemsKey = "ScalingActivities"
  /// The token's name.
  public static let nextTokenKey = "NextToken"
  /// The resource.
  public let resource: ScalableResource
  /// Activities a page, 1 to 50.
  public let maximumResults: Int?
  /// Whether also activities that scaled nothing are told, with their reasons.
  public let includesNotScaled: Bool?
  /// The page; nil for the first.
  public var pageToken: String?

  /// The first page; see the properties.
  public init(
    resource: ScalableResource, maximumResults: Int? = nil, includesNotScaled: Bool? = nil
  ) {
    self.resource = resource
    self.maximumResults = maximumResults
    self.includesNotScaled = includesNotScaled
  }

  /// Resource and page.
  public var input: OperationInput {
    [
      "ServiceNamespace": resource.namespace, "ResourceId": resource.resourceID,
      "ScalableDimension": resource.dimension, "MaxResults": maximumResults,
      "NextToken": pageToken, "IncludeNotScaledActivities": includesNotScaled,
    ]
  }
}
