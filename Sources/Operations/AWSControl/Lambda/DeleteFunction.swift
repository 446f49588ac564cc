/// Deletes one version of a function. Without a version Lambda would delete the whole function, which
/// this type cannot ask for.
///
/// `DELETE /2015-03-31/functions/{F}?Qualifier=V`, 204. Cannot be undone. A version that an alias uses
/// is refused. Errors: `ResourceConflictException`, `ResourceNotFoundException`,
/// `InvalidParameterValueException`.
/// Source: https://docs.aws.amazon.com/lambda/latest/api/API_DeleteFunction.html
package struct DeleteFunction: LambdaOperation, WriteOperation {
  /// Nothing.
  package typealias Output = Acknowledged
  /// `DELETE`
  package static let method = "DELETE"
  /// The function.
  package let functionName: String
  /// The version's number; neither `$LATEST` nor an alias is accepted.
  package let version: String

  /// A request; see the properties.
  package init(functionName: String, version: String) {
    self.functionName = functionName
    self.version = version
  }

  /// The function and the version.
  package var subject: String { "\(functionName):\(version)" }
  /// The path.
  package var path: OperationPath { "/2015-03-31/functions/\(functionName)" }
  /// The version.
  package var query: [(name: String, value: String?)] { [("Qualifier", version)] }
}
