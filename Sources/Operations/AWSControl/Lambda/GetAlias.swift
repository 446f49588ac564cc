/// Reads an alias.
///
/// `GET /2015-03-31/functions/{F}/aliases/{A}`. Read only. Errors: `ResourceNotFoundException`,
/// `TooManyRequestsException`.
/// Source: https://docs.aws.amazon.com/lambda/latest/api/API_GetAlias.html
package struct GetAlias: LambdaOperation, ReadOperation {
  /// The alias.
  package typealias Output = AliasConfiguration
  /// `GET`
  package static let method = "GET"
  /// The function.
  package let functionName: String
  /// The alias, 1 to 128 letters, digits, `-` and `_`, not digits alone.
  package let alias: String

  /// A request; see the properties.
  package init(functionName: String, alias: String) {
    self.functionName = functionName
    self.alias = alias
  }

  /// The function and the alias.
  package var subject: String { "\(functionName):\(alias)" }
  /// The path.
  package var path: OperationPath { "/2015-03-31/functions/\(functionName)/aliases/\(alias)" }
}
