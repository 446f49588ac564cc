import AWSClient
import HTTPClient

/// Under which condition an object is written.
public enum S3WriteCondition: Equatable, Sendable {
  /// Whatever is there.
  case always
  /// Only when the key does not exist (`If-None-Match: *`).
  case ifAbsent
  /// Only when the object still has this entity tag (`If-Match`).
  case ifUnchanged(eTag: String)

  var headers: [HTTPHeader] {
    switch self {
    case .always: []
    case .ifAbsent: [HTTPHeader("If-None-Match", "*")]
    case .ifUnchanged(let eTag): [HTTPHeader("If-Match", eTag)]
    }
  }
}

extension AWSError {
  /// Whether a conditional write was refused because of its condition: 412, or 409 when another
  /// write was under way.
  public var isFailedCondition: Bool { status == 412 || status == 409 }
}

extension S3Client {
  /// Writes a whole object, with a CRC-32 that S3 verifies.
  ///
  /// `PUT /{key}` on the bucket's host. At most 5 GB by S3's rule; here results of some KB. Idempotent
  /// under every condition but that a retry of `.ifAbsent` may meet its own first attempt. Errors:
  /// `AccessDenied` (also for the KMS key), `NoSuchBucket`, `PreconditionFailed` (412) and
  /// `ConditionalRequestConflict` (409) by the condition, `NotImplemented` (501) where a server does
  /// not support conditions.
  /// Source: https://docs.aws.amazon.com/AmazonS3/latest/API/API_PutObject.html
  public func putObject(
    bucket: String, key: String, body: [UInt8], contentType: String, kmsKeyID: String?,
    condition: S3WriteCondition, in context: CallContext,
    then completion: @escaping (Result<Void, AWSError>) -> Void
  ) {
    var request = request(
      "PutObject", method: "PUT", bucket: bucket, key: key, maximumBytes: 65_536,
      accessAdvice: "The function's role needs s3:PutObject on this object"
        + (kmsKeyID == nil ? "" : " and kms:GenerateDataKey on the key"))
    request.headers =
      [
        HTTPHeader("Content-Type", contentType),
        HTTPHeader("x-amz-checksum-crc32", Checksum.crc32.text(of: body)),
      ] + condition.headers
    if let kmsKeyID {
      request.headers.append(HTTPHeader("x-amz-server-side-encryption", "aws:kms"))
      request.headers.append(
        HTTPHeader("x-amz-server-side-encryption-aws-kms-key-id", kmsKeyID))
    }
    request.body = body
    aws.start(request, in: context) { result in completion(result.map { _ in }) }
  }
}
