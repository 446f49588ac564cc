/// Something that scaling did, or tried.
package struct ScalingActivity: ResponseShape {
  /// What: `Setting desired instance count to 2.`
  package let description: String
  /// Why: `monitor alarm … in state ALARM triggered policy …`
  package let cause: String
  /// Unix seconds.
  package let startTime: Double
  /// `Pending`, `InProgress`, `Successful`, `Overridden`, `Unfulfilled`, `Failed`.
  package let statusCode: String
  /// Why it has this status.
  package let statusMessage: String?
  /// Codes of why nothing was scaled, as `AlreadyAtMaxCapacity`.
  package let notScaledReasons: [String]

  /// Reads the fields.
  package init(_ fields: ResponseFields) throws(MalformedResponse) {
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
package struct DescribeScalingActivities: ScalingOperation, PagedOperation {
  /// An activity.
  package typealias Item = ScalingActivity
  /// The list's name.
  package static let itemsKey = "ScalingActivities"
  /// The token's name.
  package static let nextTokenKey = "NextToken"
  /// The resource.
  package let resource: ScalableResource
  /// Activities a page, 1 to 50.
  package let maximumResults: Int?
  /// Whether also activities that scaled nothing are told, with their reasons.
  package let includesNotScaled: Bool?
  /// The page; nil for the first.
  package var pageToken: String?

  /// The first page; see the properties.
  package init(
    resource: ScalableResource, maximumResults: Int? = nil, includesNotScaled: Bool? = nil
  ) {
    self.resource = resource
    self.maximumResults = maximumResults
    self.includesNotScaled = includesNotScaled
  }

  /// Resource and page.
  package var input: OperationInput {
    [
      "ServiceNamespace": resource.namespace, "ResourceId": resource.resourceID,
      "ScalableDimension": resource.dimension, "MaxResults": maximumResults,
      "NextToken": pageToken, "IncludeNotScaledActivities": includesNotScaled,
    ]
  }
}
