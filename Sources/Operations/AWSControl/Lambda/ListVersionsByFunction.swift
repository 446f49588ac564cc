/// Lists the versions of a function, `$LATEST` first, at most 50 a page.
///
/// `GET /2015-03-31/functions/{F}/versions?Marker=M`. Read only. Errors: `ResourceNotFoundException`,
/// `TooManyRequestsException`.
/// Source: https://docs.aws.amazon.com/lambda/latest/api/API_ListVersionsByFunction.html
package struct ListVersionsByFunction: LambdaOperation, PagedOperation {
  /// A version.
  package typealias Item = FunctionConfiguration
  /// The list's name.
  package static let itemsKey = "Versions"
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
  package var path: OperationPath { "/2015-03-31/functions/\(functionName)/versions" }
  /// The page.
  package var query: [(name: String, value: String?)] { [("Marker", pageToken)] }
}
