import AWSClient
import HTTPClient
import Platform
import S3

/// Objects in S3, through the function's own client: bucket hosts, checksums, retries.
extension ControlClient {
  /// Reads a whole object.
  ///
  /// - Parameters:
  ///   - versionID: nil reads the latest version.
  ///   - maximumBytes: a larger one is refused by its declared length.
  /// - Throws: `AWSError`: `NoSuchKey`, `NoSuchBucket`, `AccessDenied`, `PermanentRedirect`,
  ///   `.bodyTooLarge`; `CredentialError`.
  package func readObject(
    _ location: S3Location, versionID: String? = nil, maximumBytes: Int
  ) throws -> [UInt8] {
    var result: Result<S3Object, AWSError>?
    objects().getObject(
      bucket: location.bucket, key: location.key, versionID: versionID, maximumBytes: maximumBytes,
      in: try objectContext()
    ) { result = $0 }
    aws.run()
    return try Self.value(result, "GetObject", location, needs: "s3:GetObject on this object").bytes
  }

  /// Writes a whole object with a CRC-32 that S3 verifies. Idempotent.
  ///
  /// - Parameter kmsKeyID: the key for SSE-KMS; nil leaves the encryption to the bucket.
  /// - Returns: false when it was only planned (`--dry-run`).
  /// - Throws: `AWSError`: `NoSuchBucket`, `AccessDenied`; `CredentialError`.
  @discardableResult
  package func writeObject(
    _ bytes: [UInt8], to location: S3Location, contentType: String, kmsKeyID: String? = nil
  ) throws -> Bool {
    if let plan {
      let url = configuration.baseURL(of: .s3, prefix: "")
      plan(
        PlannedWrite(
          title: "PutObject \(location)", method: "PUT",
          url: "\(url)/\(location.bucket)/\(location.key)",
          body: Array("\(bytes.count) bytes of \(contentType)".utf8)))
      return false
    }
    var result: Result<Void, AWSError>?
    objects().putObject(
      bucket: location.bucket, key: location.key, body: bytes, contentType: contentType,
      kmsKeyID: kmsKeyID, condition: .always, in: try objectContext()
    ) { result = $0 }
    aws.run()
    try Self.value(
      result, "PutObject", location,
      needs: "s3:PutObject on this object"
        + (kmsKeyID == nil ? "" : " and kms:GenerateDataKey on the key"))
    return true
  }

  /// One page of a listing; `ObjectPages` reads them.
  func listing(
    _ location: S3Location, _ lists: ObjectPages.Lists, _ query: [(name: String, value: String)]
  ) throws -> [UInt8] {
    try bucketRequest(
      lists.operation, location, query: query, needs: "\(lists.permission) on the bucket"
    ).body
  }

  /// A read of a bucket, not of one of its objects, for example `GET /?versioning`.
  ///
  /// - Parameter needs: the missing permission, when access is denied.
  func bucketRequest(
    _ operation: String, _ location: S3Location, query: [(name: String, value: String)],
    needs: String
  ) throws -> HTTPResponse {
    var request = AWSRequest(
      service: .s3, operation: "\(operation) \(location)", method: "GET", path: "/",
      maximumResponseBytes: 16 << 20, accessAdvice: "")
    if configuration.isOverridden(.s3) || location.bucket.contains(where: { $0 == "." }) {
      request.path = "/\(location.bucket)"
    } else {
      request.hostPrefix = "\(location.bucket)."
    }
    request.query = query
    var result: Result<HTTPResponse, AWSError>?
    aws.start(request, in: try objectContext()) { result = $0 }
    aws.run()
    return try Self.value(result, operation, location, needs: needs)
  }

  /// A slow line may pause, and sends a large object for minutes before S3 answers.
  func objects() -> S3Client {
    S3Client(aws: aws, limits: TimeLimits(stallMilliseconds: 60_000))
  }

  /// A model of some hundred megabytes over a slow line takes its time.
  func objectContext() throws -> CallContext {
    try configuration.checkEndpoint(of: .s3)
    return try context(deadline: .after(milliseconds: 30 * 60_000, on: clock))
  }

  /// The result, or the error with an operator's advice.
  @discardableResult
  static func value<Value>(
    _ result: Result<Value, AWSError>?, _ operation: String, _ location: S3Location, needs: String
  ) throws(AWSError) -> Value {
    switch result {
    case .success(let value): return value
    case .failure(let error): throw advised(error, needs: needs)
    case nil:
      throw AWSError(
        operation: "\(operation) \(location)", service: "S3", code: .connection,
        detail: "the transfer ended without a result")
    }
  }

  /// The error with an operator's advice instead of the function's.
  static func advised(_ error: AWSError, needs: String) -> AWSError {
    error.with(
      advice: error.isDenied
        ? "Your user or role needs \(needs)" : ControlAdvice.text(for: error) ?? error.advice)
  }
}
