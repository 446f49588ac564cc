/// Lists the versions of a function, `$LATEST` first, at most 50 a page.
///
/// `GET /2015-03-31/functions/{F}/versions?Marker=M`. Read only. Errors:
/// `ResourceNotFoundException`, `TooManyRequestsException`.
/// Source: https://docs.aws.amazon.com/lambda/latest/api/API_ListVersionsByFunction.html
package struct ListVersionsByFunction: LambdaOperation, PagedOperation {
  package typealias Item = FunctionConfiguration
  package static let itemsKey = "Versions"
  package static let nextTokenKey = "NextMarker"
  package static let method = "GET"
  package let functionName: String
  package var pageToken: String?

  package init(functionName: String) { self.functionName = functionName }

  package var path: OperationPath { "/2015-03-31/functions/\(functionName)/versions" }
  package var query: [(name: String, value: String?)] { [("Marker", pageToken)] }
}
