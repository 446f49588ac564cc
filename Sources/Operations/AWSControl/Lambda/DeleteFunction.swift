/// Deletes one version of a function. Without a version Lambda would delete the whole function, which
/// this type cannot ask for.
///
/// `DELETE /2015-03-31/functions/{F}?Qualifier=V`, 204. Cannot be undone. A version that an alias uses
/// is refused. Errors: `ResourceConflictException`, `ResourceNotFoundException`,
/// `InvalidParameterValueException`.
/// Source: https://docs.aws.amazon.com/lambda/latest/api/API_DeleteFunction.html
public struct DeleteFunction: LambdaOperation, WriteOperation {
  /// Nothing.
  public typealias Output = Acknowledged
  /// `DELETE`
  public static let method = "DELETE"
  /// The function.
  public let functionName: String
  /// The version's number; neither `$LATEST` nor an alias is accepted.
  public let version: String

  /// A request; see the properties.
  public init(functionName: String, version: String) {
    self.functionName = functionName
    self.version = version
  }

  /// The function and the version.
  public var subject: String { "\(functionName):\(version)" }
  /// The path.
  public var path: OperationPath { "/2015-03-31/functions/\(functionName)" }
  /// The version.
  public var query: [(name: String, value: String?)] { [("Qualifier", version)] }
}
