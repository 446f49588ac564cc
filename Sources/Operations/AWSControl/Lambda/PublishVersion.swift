/// Publishes an immutable version of `$LATEST`.
///
/// `POST /2015-03-31/functions/{F}/versions`, 201. Idempotent: when code and configuration are
/// those of the latest version, it is returned. Wait for `LastUpdateStatus` `Successful` first.
/// Errors: `PreconditionFailedException` (412, stale revision), `InvalidParameterValueException`
/// (different code), `ResourceConflictException` (an update is in progress),
/// `CodeStorageExceededException`.
/// Source: https://docs.aws.amazon.com/lambda/latest/api/API_PublishVersion.html
package struct PublishVersion: LambdaOperation, WriteOperation {
  package typealias Output = FunctionConfiguration
  package static let method = "POST"
  package static let isRepeatable = true
  package let functionName: String
  /// Publishes only this code: SHA-256 of the zip, base64.
  package let codeSHA256: String?
  /// Publishes only this revision of `$LATEST`.
  package let revisionID: String?
  /// At most 256 characters.
  package let description: String?

  package init(
    functionName: String, codeSHA256: String? = nil, revisionID: String? = nil,
    description: String? = nil
  ) {
    self.functionName = functionName
    self.codeSHA256 = codeSHA256
    self.revisionID = revisionID
    self.description = description
  }

  package var path: OperationPath { "/2015-03-31/functions/\(functionName)/versions" }
  package var body: OperationInput? {
    ["CodeSha256": codeSHA256, "Description": description, "RevisionId": revisionID]
  }
}
