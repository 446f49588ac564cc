/// Reads an alias.
///
/// `GET /2015-03-31/functions/{F}/aliases/{A}`. Read only. Errors: `ResourceNotFoundException`,
/// `TooManyRequestsException`.
/// Source: https://docs.aws.amazon.com/lambda/latest/api/API_GetAlias.html
package struct GetAlias: LambdaOperation, ReadOperation {
  package typealias Output = AliasConfiguration
  package static let method = "GET"
  package let functionName: String
  /// The alias, 1 to 128 letters, digits, `-` and `_`, not digits alone.
  package let alias: String

  package init(functionName: String, alias: String) {
    self.functionName = functionName
    self.alias = alias
  }

  package var subject: String { "\(functionName):\(alias)" }
  package var path: OperationPath { "/2015-03-31/functions/\(functionName)/aliases/\(alias)" }
}
