import AWSClient
import HTTPClient
import Platform

/// Reading and writing objects in S3.
public struct S3Client {
  let aws: AWSClient
  private let limits: TimeLimits
  /// Whether requests go to a given endpoint, which has no host of its own for a bucket.
  private let isOverridden: Bool

  /// A client that calls through `aws`.
  ///
  /// - Parameter limits: of each attempt.
  public init(aws: AWSClient, limits: TimeLimits = .s3(firstByteMilliseconds: 2_000)) {
    self.aws = aws
    self.limits = limits
    isOverridden = aws.configuration.isOverridden(.s3)
  }

  /// Reads a whole object and verifies whatever checksum S3 sends with it.
  ///
  /// `GET /{key}` on the bucket's host, or `GET /{bucket}/{key}` when the endpoint is overridden or
  /// the bucket's name cannot be part of a certificate's wildcard. The key is percent-encoded once and
  /// never normalized. `maximumBytes`: a larger object is refused by its declared length, before
  /// its body is read. Idempotent; retried as `RetryRules` and `AWSService.s3` say, once after a checksum
  /// mismatch. Errors: `NoSuchKey`, `NoSuchVersion`, `NoSuchBucket`, `AccessDenied` (also for a key
  /// that does not exist, without `s3:ListBucket`), `PermanentRedirect`, `.bodyTooLarge`,
  /// `.checksumMismatch`.
  ///
  /// - Parameter isSentOn: whether the object is wanted as `S3Object.receivedBody`, not as its bytes.
  /// Source: https://docs.aws.amazon.com/AmazonS3/latest/API/API_GetObject.html
  public func getObject(
    bucket: String, key: String, versionID: String?, maximumBytes: Int, isSentOn: Bool = false,
    in context: CallContext, then completion: @escaping (Result<S3Object, AWSError>) -> Void
  ) {
    var request = get(
      bucket: bucket, key: key, versionID: versionID, maximumBytes: maximumBytes)
    request.headers = [HTTPHeader("x-amz-checksum-mode", "ENABLED")]
    let verification = ObjectVerification(
      operation: request.operation, log: context.log, isSentOn: isSentOn)
    request.bodyObserver = verification
    request.check = { verification.mismatch(in: $0) }
    aws.start(request, in: context) { result in
      completion(
        result.map { response in
          S3Object(
            bytes: response.body, eTag: response.headers["etag"],
            versionID: response.headers["x-amz-version-id"],
            contentType: response.headers["content-type"],
            receivedBody: verification.receivedBody())
        })
    }
  }

  /// Reads the first bytes of an object, and what identifies the object that is there now.
  ///
  /// As `getObject`, with `Range: bytes=0-{byteCount - 1}`; 206. The checksums of an object do not cover a part of it,
  /// so they are not asked for. An empty object has no first byte: 416 `InvalidRange`. A server that ignores the
  /// header sends the whole object, which is refused as `.bodyTooLarge` unless it is as short.
  /// Source: https://docs.aws.amazon.com/AmazonS3/latest/API/API_GetObject.html
  public func getStart(
    bucket: String, key: String, byteCount: Int, in context: CallContext,
    then completion: @escaping (Result<S3ObjectStart, AWSError>) -> Void
  ) {
    var request = get(bucket: bucket, key: key, versionID: nil, maximumBytes: byteCount)
    request.headers = [HTTPHeader("Range", "bytes=0-\(byteCount - 1)")]
    aws.start(request, in: context) { result in
      completion(
        result.map { response in
          S3ObjectStart(
            bytes: response.body, eTag: response.headers["etag"],
            versionID: response.headers["x-amz-version-id"],
            sizeBytes: response.headers["content-range"].flatMap(Self.sizeBytes)
              ?? (response.status == 200 ? Int64(response.body.count) : nil))
        })
    }
  }

  /// 96418 of `bytes 0-15/96418`.
  private static func sizeBytes(contentRange: String) -> Int64? {
    var size: Int64?
    for byte in contentRange.utf8 {
      if byte == UInt8(ascii: "/") {
        size = 0
      } else if let digits = size {
        size = (0x30...0x39).contains(byte) ? digits &* 10 &+ Int64(byte &- 0x30) : nil
      }
    }
    return size
  }

  /// A URL with which anyone can read one object for a while.
  ///
  /// The signature is made here and nothing is sent, so that a missing object or permission shows
  /// only when the URL is used.
  /// Source: https://docs.aws.amazon.com/AmazonS3/latest/userguide/using-presigned-url.html
  public func presignedGetURL(
    bucket: String, key: String, versionID: String?, expiresInSeconds: Int, in context: CallContext
  ) -> String? {
    aws.presignedURL(
      get(bucket: bucket, key: key, versionID: versionID, maximumBytes: 0),
      expiresInSeconds: expiresInSeconds, in: context)
  }

  private func get(
    bucket: String, key: String, versionID: String?, maximumBytes: Int
  ) -> AWSRequest {
    var request = request(
      "GetObject", method: "GET", bucket: bucket, key: key, version: versionID,
      maximumBytes: maximumBytes,
      accessAdvice: versionID == nil
        ? "The function's role needs s3:GetObject on this object; without s3:ListBucket a missing key is reported as AccessDenied, too"
        : "The function's role needs s3:GetObjectVersion on this object; without s3:ListBucket a missing key is reported as AccessDenied, too"
    )
    if let versionID { request.query = [("versionId", versionID)] }
    return request
  }

  /// A request for one object, on the bucket's own host where that is possible.
  func request(
    _ operation: String, method: String, bucket: String, key: String, version: String? = nil,
    maximumBytes: Int, accessAdvice: String
  ) -> AWSRequest {
    let suffix = version.map { " version \($0)" } ?? ""
    let isInPath = isOverridden || !Self.canBePartOfHost(bucket)
    var request = AWSRequest(
      service: .s3, operation: String(joining: operation, " s3://", bucket, "/", key, suffix),
      method: method,
      path: isInPath ? String(joining: "/", bucket, "/", key) : String(joining: "/", key),
      maximumResponseBytes: maximumBytes, accessAdvice: accessAdvice)
    request.limits = limits
    if !isInPath { request.hostPrefix = "\(bucket)." }
    return request
  }

  /// Names with a dot would not match the certificate `*.s3.{region}.amazonaws.com`.
  private static func canBePartOfHost(_ bucket: String) -> Bool {
    (3...63).contains(bucket.utf8.count)
      && bucket.utf8.allSatisfy { byte in
        (UInt8(ascii: "a")...UInt8(ascii: "z")).contains(byte)
          || (UInt8(ascii: "0")...UInt8(ascii: "9")).contains(byte) || byte == UInt8(ascii: "-")
      }
  }
}

/// An object as it was read.
public struct S3Object: Sendable {
  /// All of its bytes; empty if it has a `receivedBody`.
  public let bytes: [UInt8]
  /// The entity tag, with its quotation marks.
  public let eTag: String?
  /// The version, when the bucket has versions.
  public let versionID: String?
  /// The content type that it was stored with.
  public let contentType: String?
  /// All of its bytes, if they are to be sent on.
  public let receivedBody: ReceivedBody?

  public var byteCount: Int { receivedBody?.buffer.count ?? bytes.count }
}

/// The beginning of an object.
public struct S3ObjectStart: Sendable {
  public let bytes: [UInt8]
  /// The entity tag of the whole object, with its quotation marks.
  public let eTag: String?
  /// The version, when the bucket has versions.
  public let versionID: String?
  /// The size of the whole object.
  public let sizeBytes: Int64?
}
