/// Lists a function's aliases.
///
/// `GET /2015-03-31/functions/{F}/aliases?FunctionVersion=V&Marker=M`. Read only. Errors:
/// `ResourceNotFoundException`, `TooManyRequestsException`.
/// Source: https://docs.aws.amazon.com/lambda/latest/api/API_ListAliases.html
public struct ListAliases: LambdaOperation, PagedOperation {
  /// An alias.
  public typealias Item = AliasConfiguration
  /// The list's name.
  public static let itemsKey = "Aliases"
  /// The token's name.
  public static let nextTokenKey = "NextMarker"
  /// `GET`
  public static let method = "GET"
  /// The function.
  public let functionName: String
  /// Only aliases that point to this version; nil lists all.
  public let functionVersion: String?
  /// The page; nil for the first.
  public var pageToken: String?

  /// The first page.
  public init(functionName: String, functionVersion: String? = nil) {
    self.functionName = functionName
    self.functionVersion = functionVersion
  }

  /// The path.
  public var path: OperationPath { "/2015-03-31/functions/\(functionName)/aliases" }
  /// Version and page.
  public var query: [(name: String, value: String?)] {
    [("FunctionVersion", functionVersion), ("Marker", pageToken)]
  }
}
