/// Lists how Lambda treats events that a function was given without waiting for it: how often they are tried,
/// and where they go when nothing helps.
///
/// `GET /2019-09-25/functions/{F}/event-invoke-config/list?Marker=M`: one for `$LATEST`, each version and
/// each alias that has one. Read only. Errors: `ResourceNotFoundException`, `TooManyRequestsException`.
/// Source: https://docs.aws.amazon.com/lambda/latest/api/API_ListFunctionEventInvokeConfigs.html
public struct ListFunctionEventInvokeConfigs: LambdaOperation, PagedOperation {
  /// One of them.
  public struct Item: ResponseShape {
    /// The function with the qualifier.
    public let functionARN: String
    /// A queue, a topic, a bus or a function; nil when failed events are dropped.
    public let onFailureARN: String?

    /// Reads the fields.
    public init(_ fields: ResponseFields) throws(MalformedResponse) {
      functionARN = try fields.string("FunctionArn")
      let destination = fields.json["DestinationConfig"]?["OnFailure"]?["Destination"]
      onFailureARN = destination?.stringValue
    }
  }

  /// The list's name.
  public static let itemsKey = "FunctionEventInvokeConfigs"
  /// The token's name.
  public static let nextTokenKey = "NextMarker"
  /// `GET`
  public static let method = "GET"
  /// The function.
  public let functionName: String
  /// The page; nil for the first.
  public var pageToken: String?

  /// The first page.
  public init(functionName: String) { self.functionName = functionName }

  /// The path.
  public var path: OperationPath {
    "/2019-09-25/functions/\(functionName)/event-invoke-config/list"
  }
  /// The page.
  public var query: [(name: String, value: String?)] { [("Marker", pageToken)] }
}
