/// Lists a function's aliases.
///
/// `GET /2015-03-31/functions/{F}/aliases?FunctionVersion=V&Marker=M`. Read only. Errors:
/// `ResourceNotFoundException`, `TooManyRequestsException`.
/// Source: https://docs.aws.amazon.com/lambda/latest/api/API_ListAliases.html
package struct ListAliases: LambdaOperation, PagedOperation {
  package typealias Item = AliasConfiguration
  package static let itemsKey = "Aliases"
  package static let nextTokenKey = "NextMarker"
  package static let method = "GET"
  package let functionName: String
  /// Only aliases that point to this version; nil lists all.
  package let functionVersion: String?
  package var pageToken: String?

  package init(functionName: String, functionVersion: String? = nil) {
    self.functionName = functionName
    self.functionVersion = functionVersion
  }

  package var path: OperationPath { "/2015-03-31/functions/\(functionName)/aliases" }
  package var query: [(name: String, value: String?)] {
    [("FunctionVersion", functionVersion), ("Marker", pageToken)]
  }
}
