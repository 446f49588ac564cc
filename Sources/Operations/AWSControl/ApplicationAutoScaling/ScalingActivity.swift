/// A scaling activity, successful or not.
package struct ScalingActivity: ResponseShape {
  /// For example `Setting desired instance count to 2.`
  package let description: String
  /// For example `monitor alarm … in state ALARM triggered policy …`
  package let cause: String
  /// Unix seconds.
  package let startTime: Double
  /// `Pending`, `InProgress`, `Successful`, `Overridden`, `Unfulfilled`, `Failed`.
  package let statusCode: String
  /// Why it has this status.
  package let statusMessage: String?
  /// Why nothing was scaled, for example `AlreadyAtMaxCapacity`.
  package let notScaledReasons: [String]

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
/// `POST /`, `AnyScaleFrontendService.DescribeScalingActivities`. Use `ControlClient.read` for one
/// page, and `all` for the whole history. Read only. Errors: `ValidationException`.
/// Source: https://docs.aws.amazon.com/autoscaling/application/APIReference/API_DescribeScalingActivities.html
package struct DescribeScalingActivities: ScalingOperation, PagedOperation {
  package typealias Item = ScalingActivity
  package static let itemsKey = "ScalingActivities"
  package static let nextTokenKey = "NextToken"
  package let resource: ScalableResource
  /// Activities a page, 1 to 50.
  package let maximumResults: Int?
  /// Whether activities that scaled nothing are included, with their reasons.
  package let includesNotScaled: Bool?
  package var pageToken: String?

  package init(
    resource: ScalableResource, maximumResults: Int? = nil, includesNotScaled: Bool? = nil
  ) {
    self.resource = resource
    self.maximumResults = maximumResults
    self.includesNotScaled = includesNotScaled
  }

  package var input: OperationInput {
    [
      "ServiceNamespace": resource.namespace, "ResourceId": resource.resourceID,
      "ScalableDimension": resource.dimension, "MaxResults": maximumResults,
      "NextToken": pageToken, "IncludeNotScaledActivities": includesNotScaled,
    ]
  }
}
