/// Lists the settings of asynchronous invocation: the number of attempts, and the destination of
/// failed events.
///
/// `GET /2019-09-25/functions/{F}/event-invoke-config/list?Marker=M`: one for `$LATEST`, each
/// version and each alias that has one. Read only. Errors: `ResourceNotFoundException`,
/// `TooManyRequestsException`.
/// Source: https://docs.aws.amazon.com/lambda/latest/api/API_ListFunctionEventInvokeConfigs.html
package struct ListFunctionEventInvokeConfigs: LambdaOperation, PagedOperation {
  package struct Item: ResponseShape {
    package let functionARN: String
    /// A queue, a topic, a bus or a function; nil when failed events are dropped.
    package let onFailureARN: String?
    /// Retries after function errors, 0 to 2; nil for Lambda's default.
    package let maximumRetryAttempts: Int?
    /// How long an event may wait, 60 to 21,600; nil for Lambda's default.
    package let maximumEventAgeSeconds: Int?

    package init(_ fields: ResponseFields) throws(MalformedResponse) {
      functionARN = try fields.string("FunctionArn")
      let destination = fields.json["DestinationConfig"]?["OnFailure"]?["Destination"]
      onFailureARN = destination?.stringValue
      maximumRetryAttempts = fields.optionalInteger("MaximumRetryAttempts")
      maximumEventAgeSeconds = fields.optionalInteger("MaximumEventAgeInSeconds")
    }
  }

  package static let itemsKey = "FunctionEventInvokeConfigs"
  package static let nextTokenKey = "NextMarker"
  package static let method = "GET"
  package let functionName: String
  package var pageToken: String?

  package init(functionName: String) { self.functionName = functionName }

  package var path: OperationPath {
    "/2019-09-25/functions/\(functionName)/event-invoke-config/list"
  }
  package var query: [(name: String, value: String?)] { [("Marker", pageToken)] }
}
