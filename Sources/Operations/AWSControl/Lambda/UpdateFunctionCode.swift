import Platform

/// Replaces the code of `$LATEST`.
///
/// `PUT /2015-03-31/functions/{F}/code`. The request is at most 50 MB as base64; larger zips go
/// through S3. Returns while `LastUpdateStatus` is `InProgress`. Idempotent. Errors:
/// `PreconditionFailedException` (412), `ResourceConflictException` (an update is in progress),
/// `InvalidParameterValueException`, `CodeStorageExceededException`.
/// Source: https://docs.aws.amazon.com/lambda/latest/api/API_UpdateFunctionCode.html
package struct UpdateFunctionCode: LambdaOperation, WriteOperation {
  /// `$LATEST` with the new code.
  package typealias Output = FunctionConfiguration
  package static let method = "PUT"
  package static let isRepeatable = true
  /// Where Lambda takes the zip from.
  package enum Source: Sendable, Equatable {
    /// At most 50 MB as base64.
    case zip([UInt8])
    /// An object in the function's region, at most 250 MB unzipped.
    case object(S3Location)
  }

  package let functionName: String
  package let source: Source
  /// `x86_64` or `arm64`; nil leaves it.
  package let architecture: String?
  /// Changes only this revision.
  package let revisionID: String?
  /// Validates the request only.
  package let dryRun: Bool?

  package init(
    functionName: String, source: Source, architecture: String? = nil, revisionID: String? = nil,
    dryRun: Bool? = nil
  ) {
    self.functionName = functionName
    self.source = source
    self.architecture = architecture
    self.revisionID = revisionID
    self.dryRun = dryRun
  }

  /// Ten minutes for slow lines.
  package var timeoutMilliseconds: Int64 { 600_000 }
  package var path: OperationPath { "/2015-03-31/functions/\(functionName)/code" }
  package var body: OperationInput? {
    var zipFile: String?
    var object: S3Location?
    switch source {
    case .zip(let zip): zipFile = String(decoding: Base64.encode(zip), as: UTF8.self)
    case .object(let location): object = location
    }
    return [
      "ZipFile": zipFile, "S3Bucket": object?.bucket, "S3Key": object?.key,
      "Architectures": architecture.map { [$0] }, "DryRun": dryRun, "RevisionId": revisionID,
    ]
  }
}
