/// Reads the configuration of a function or of one of its versions.
///
/// `GET /2015-03-31/functions/{F}/configuration?Qualifier=Q`. After UpdateFunctionCode the
/// `lastUpdateStatus` is `InProgress` until the change is done. Read only. Errors:
/// `ResourceNotFoundException`, `TooManyRequestsException`.
/// Source: https://docs.aws.amazon.com/lambda/latest/api/API_GetFunctionConfiguration.html
package struct GetFunctionConfiguration: LambdaOperation, ReadOperation {
  package typealias Output = FunctionConfiguration
  package static let method = "GET"
  package let functionName: String
  /// A version or an alias; nil is `$LATEST`.
  package let qualifier: String?

  package init(functionName: String, qualifier: String? = nil) {
    self.functionName = functionName
    self.qualifier = qualifier
  }

  /// The function, and the qualifier behind a colon.
  package var subject: String { qualifier.map { "\(functionName):\($0)" } ?? functionName }
  package var path: OperationPath { "/2015-03-31/functions/\(functionName)/configuration" }
  package var query: [(name: String, value: String?)] { [("Qualifier", qualifier)] }
}
