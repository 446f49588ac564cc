import LoopbackServer

/// PutObject; the signature and the payload hash have already been verified.
///
/// Source: https://docs.aws.amazon.com/AmazonS3/latest/API/API_PutObject.html
extension S3Service {
  private static let maximumKeyBytes = 1024
  /// Headers that are stored and returned with the object.
  private static let keptHeaders: Set<String> = [
    "cache-control", "content-disposition", "content-encoding", "content-language", "expires",
  ]

  func put(
    _ request: ReceivedHTTPRequest, bucket: String, key: String
  ) throws(S3Error) -> LocalResponse {
    try validate(request, key)
    let condition = try WriteCondition(request)
    let encryption = try encryptionHeaders(request)
    let integrity = try UploadIntegrity(verifying: request)
    let checksum = (header: integrity.algorithm.header, value: integrity.value)
    let eTag = "\"\(self.eTag(of: request.body, encryption))\""
    let upload = ObjectOverlay.Upload(
      bucket: bucket, key: key, bytes: request.body, eTag: eTag,
      headers: objectHeaders(request) + encryption, checksum: checksum)
    try store.write(upload, if: condition)
    return LocalResponse(
      status: 200,
      headers: commonHeaders() + encryption.map { ($0.name, $0.value) } + [
        ("ETag", eTag), (checksum.header, checksum.value), ("x-amz-checksum-type", "FULL_OBJECT"),
      ])
  }

  private func validate(_ request: ReceivedHTTPRequest, _ key: String) throws(S3Error) {
    guard key.utf8.count <= Self.maximumKeyBytes else {
      throw S3Error(
        status: 400, code: "KeyTooLongError", message: "Your key is too long",
        details: [
          ("Size", String(key.utf8.count)), ("MaxSizeAllowed", String(Self.maximumKeyBytes)),
        ])
    }
    guard request.header("Content-Length") != nil else {
      throw S3Error(
        status: 411, code: "MissingContentLength",
        message: "You must provide the Content-Length HTTP header.")
    }
    if request.header("x-amz-copy-source") != nil {
      throw .notImplemented(header: "x-amz-copy-source")
    }
    // Parts, tags, and ACLs are other operations, distinguished by the query.
    let isPlain = request.query.split(separator: "&").allSatisfy {
      $0.hasPrefix("x-id=") || $0.hasPrefix("X-Amz-")
    }
    guard isPlain else {
      throw S3Error(
        status: 501, code: "NotImplemented", message: "Only PutObject is implemented.")
    }
  }

  /// The encryption headers of the response; AES256 by default.
  private func encryptionHeaders(
    _ request: ReceivedHTTPRequest
  ) throws(S3Error) -> [(name: String, value: String)] {
    let (name, keyName) = (
      "x-amz-server-side-encryption", "x-amz-server-side-encryption-aws-kms-key-id"
    )
    let method = request.header(name) ?? "AES256"
    let key = request.header(keyName)
    switch method {
    case "AES256":
      guard key == nil else {
        throw .invalidArgument(
          "Server Side Encryption with AWS KMS managed key requires HTTP header \(name) : aws:kms",
          name: name, value: request.header(name) ?? "null")
      }
      return [(name, method)]
    case "aws:kms", "aws:kms:dsse":
      return [(name, method), (keyName, key ?? "alias/aws/s3")]
    default:
      throw .invalidArgument(
        "The encryption method specified is not supported", name: name, value: method)
    }
  }

  /// The MD5 only for objects encrypted with an S3 key, as in S3, so that no client depends on it.
  private func eTag(
    of bytes: [UInt8], _ encryption: [(name: String, value: String)]
  ) -> String {
    encryption.count == 1
      ? md5Hex(bytes) : hexadecimal((0..<16).map { _ in UInt8.random(in: 0...255) })
  }

  private func objectHeaders(_ request: ReceivedHTTPRequest) -> [(name: String, value: String)] {
    let type = request.header("Content-Type") ?? "binary/octet-stream"
    let kept = request.headers.filter {
      let name = $0.name.lowercased()
      return Self.keptHeaders.contains(name) || name.hasPrefix("x-amz-meta-")
    }
    return [(name: "Content-Type", value: type)] + kept
  }
}
