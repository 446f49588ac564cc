/// Lists how Lambda treats events that a function was given without waiting for it: how often they are tried,
/// and where they go when nothing helps.
///
/// `GET /2019-09-25/functions/{F}/event-invoke-config/list?Marker=M`: one for `$LATEST`, each version and
/// each alias that has one. Read only. Errors: `ResourceNotFoundException`, `TooManyRequestsException`.
/// Source: https://docs.aws.amazon.com/lambda/latest/api/API_ListFunctionEventInvokeConfigs.html
package struct ListFunctionEventInvokeConfigs: LambdaOperation, PagedOperation {
  /// One of them.
  package struct Item: ResponseShape {
    /// The function with the qualifier.
    package let functionARN: String
    /// A queue, a topic, a bus or a function; nil when failed events are dropped.
    package let onFailureARN: String?
    /// Retries after function errors, 0 to 2; nil for Lambda's default.
    package let maximumRetryAttempts: Int?
    /// How long an event may wait, 60 to 21,600; nil for Lambda's default.
    package let maximumEventAgeSeconds: Int?

    /// Reads the fields.
    package init(_ fields: ResponseFields) throws(MalformedResponse) {
      functionARN = try fields.string("FunctionArn")
      let destination = fields.json["DestinationConfig"]?["OnFailure"]?["Destination"]
      onFailureARN = destination?.stringValue
      maximumRetryAttempts = fields.optionalInteger("MaximumRetryAttempts")
      maximumEventAgeSeconds = fields.optionalInteger("MaximumEventAgeInSeconds")
    }
  }

  /// The list's name.
  package static let itemsKey = "FunctionEventInvokeConfigs"
  /// The token's name.
  package static let nextTokenKey = "NextMarker"
  /// `GET`
  package static let method = "GET"
  /// The function.
  package let functionName: String
  /// The page; nil for the first.
  package var pageToken: String?

  /// The first page.
  package init(functionName: String) { self.functionName = functionName }

  /// The path.
  package var path: OperationPath {
    "/2019-09-25/functions/\(functionName)/event-invoke-config/list"
  }
  /// The page.
  package var query: [(name: String, value: String?)] { [("Marker", pageToken)] }
}
