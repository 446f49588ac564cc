/// Reads an alias.
///
/// `GET /2015-03-31/functions/{F}/aliases/{A}`. Read only. Errors: `ResourceNotFoundException`,
/// `TooManyRequestsException`.
/// Source: https://docs.aws.amazon.com/lambda/latest/api/API_GetAlias.html
public struct GetAlias: LambdaOperation, ReadOperation {
  /// The alias.
  public typealias Output = AliasConfiguration
  /// `GET`
  public static let method = "GET"
  /// The function.
  public let functionName: String
  /// The alias, 1 to 128 letters, digits, `-` and `_`, not digits alone.
  public let alias: String

  /// A request; see the properties.
  public init(functionName: String, alias: String) {
    self.functionName = functionName
    self.alias = alias
  }

  /// The function and the alias.
  public var subject: String { "\(functionName):\(alias)" }
  /// The path.
  public var path: OperationPath { "/2015-03-31/functions/\(functionName)/aliases/\(alias)" }
}
