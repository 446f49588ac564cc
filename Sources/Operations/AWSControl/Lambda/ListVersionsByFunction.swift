/// Lists the versions of a function, `$LATEST` first, at most 50 a page.
///
/// `GET /2015-03-31/functions/{F}/versions?Marker=M`. Read only. Errors: `ResourceNotFoundException`,
/// `TooManyRequestsException`.
/// Source: https://docs.aws.amazon.com/lambda/latest/api/API_ListVersionsByFunction.html
public struct ListVersionsByFunction: LambdaOperation, PagedOperation {
  /// A version.
  public typealias Item = FunctionConfiguration
  /// The list's name.
  public static let itemsKey = "Versions"
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
  public var path: OperationPath { "/2015-03-31/functions/\(functionName)/versions" }
  /// The page.
  public var query: [(name: String, value: String?)] { [("Marker", pageToken)] }
}
