import AWSClient

/// Deletes one version of a function. Without a version Lambda would delete the whole function,
/// which this type cannot request.
///
/// `DELETE /2015-03-31/functions/{F}?Qualifier=V`, 204. Irreversible. Refused for a version that an
/// alias uses. Errors: `ResourceConflictException`, `ResourceNotFoundException`,
/// `InvalidParameterValueException`.
/// Source: https://docs.aws.amazon.com/lambda/latest/api/API_DeleteFunction.html
package struct DeleteFunction: LambdaOperation, WriteOperation {
  package typealias Output = Acknowledged
  package static let method = "DELETE"
  /// The second time the version is gone.
  package static let isRepeatable = true
  package let functionName: String
  /// The version's number; neither `$LATEST` nor an alias is accepted.
  package let version: String

  package init(functionName: String, version: String) {
    self.functionName = functionName
    self.version = version
  }

  package var subject: String { "\(functionName):\(version)" }
  package var path: OperationPath { "/2015-03-31/functions/\(functionName)" }
  package var query: [(name: String, value: String?)] { [("Qualifier", version)] }

  package func outputIfReached(after error: AWSError, with client: ControlClient) -> Output? {
    error.code == .resourceNotFound ? .done : nil
  }
}
