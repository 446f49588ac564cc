/// Lists a function's aliases.
///
/// `GET /2015-03-31/functions/{F}/aliases?FunctionVersion=V&Marker=M`. Read only. Errors:
/// `ResourceNotFoundException`, `TooManyRequestsException`.
/// Source: https://docs.aws.amazon.com/lambda/latest/api/API_ListAliases.html
package struct ListAliases: LambdaOperation, PagedOperation {
  /// An alias.
  package typealias Item = AliasConfiguration
  /// The list's name.
  package static let itemsKey = "Aliases"
  /// The token's name.
  package static let nextTokenKey = "NextMarker"
  /// `GET`
  package static let method = "GET"
  /// The function.
  package let functionName: String
  /// Only aliases that point to this version; nil lists all.
  package let functionVersion: String?
  /// The page; nil for the first.
  package var pageToken: String?

  /// The first page.
  package init(functionName: String, functionVersion: String? = nil) {
    self.functionName = functionName
    self.functionVersion = functionVersion
  }

  /// The path.
  package var path: OperationPath { "/2015-03-31/functions/\(functionName)/aliases" }
  /// Version and page.
  package var query: [(name: String, value: String?)] {
    [("FunctionVersion", functionVersion), ("Marker", pageToken)]
  }
}
