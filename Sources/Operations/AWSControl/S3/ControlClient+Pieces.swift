import AWSClient
import HTTPClient
import S3

/// Objects that are larger than what should be in memory, and the writes that must state their encryption.
extension ControlClient {
  /// Reads an object in pieces (`GET` with `Range`), all of one version: `If-Match` refuses an object that was replaced
  /// meanwhile.
  ///
  /// - Parameter take: gets the pieces in order.
  /// - Returns: the entity tag, with its quotation marks; empty for an empty object.
  /// - Throws: `AWSError`: `NoSuchKey`, `NoSuchBucket`, `AccessDenied`, `PreconditionFailed`; `CredentialError`; what
  ///   `take` throws.
  @discardableResult
  package func readObject(
    _ location: S3Location, inPiecesOf pieceBytes: Int = 8 << 20,
    take: (ArraySlice<UInt8>) throws -> Void
  ) throws -> String {
    var position = 0
    var eTag: String?
    while true {
      var request = objectRequest("GetObject", "GET", location, maximumResponseBytes: pieceBytes)
      request.headers = [
        HTTPHeader("Range", "bytes=\(position)-\(position + pieceBytes - 1)")
      ]
      if let eTag { request.headers.append(HTTPHeader("If-Match", eTag)) }
      let response: HTTPResponse
      do {
        response = try send(request, location, needs: "s3:GetObject on this object")
      } catch let error as AWSError where error.code.rawValue == "InvalidRange" {
        // An empty object has no first byte; where a piece ended with the object, there is no next one.
        return eTag ?? ""
      }
      eTag = response.headers["etag"]
      try take(response.body[...])
      position += response.body.count
      guard response.status == 206, let total = Self.total(response), position < total,
        !response.body.isEmpty
      else { return eTag ?? "" }
    }
  }

  /// Writes a whole object, encrypted with S3's own keys whatever the bucket's default is.
  ///
  /// - Returns: its entity tag without quotation marks; nil in a dry run.
  /// - Throws: `AWSError`: `NoSuchBucket`, `AccessDenied` (also by a bucket policy that demands SSE-KMS);
  ///   `CredentialError`.
  package func writeWithS3Keys(
    _ bytes: [UInt8], to location: S3Location, contentType: String
  ) throws -> String? {
    var request = objectRequest("PutObject", "PUT", location, maximumResponseBytes: 1 << 20)
    request.headers = [
      HTTPHeader("Content-Type", contentType), HTTPHeader("x-amz-server-side-encryption", "AES256"),
    ]
    request.body = bytes
    if let plan {
      let url = configuration.baseURL(of: .s3, prefix: "")
      plan(
        PlannedWrite(
          title: "PutObject \(location)", method: "PUT",
          url: "\(url)/\(location.bucket)/\(location.key)",
          body: Array("\(bytes.count) bytes of \(contentType)".utf8)))
      return nil
    }
    let response = try send(request, location, needs: "s3:PutObject on this object")
    guard let eTag = response.headers["etag"]?.filter({ $0 != "\"" }), !eTag.isEmpty else {
      throw AWSError(
        operation: request.operation, service: "S3", code: .malformedResponse,
        detail: "the response has no ETag")
    }
    return eTag
  }

  private func objectRequest(
    _ operation: String, _ method: String, _ location: S3Location, maximumResponseBytes: Int
  ) -> AWSRequest {
    var request = AWSRequest(
      service: .s3, operation: "\(operation) \(location)", method: method, path: "/\(location.key)",
      maximumResponseBytes: maximumResponseBytes, accessAdvice: "")
    request.limits = TimeLimits(stallMilliseconds: 60_000)
    if configuration.isOverridden(.s3) || location.bucket.contains(where: { $0 == "." }) {
      request.path = "/\(location.bucket)/\(location.key)"
    } else {
      request.hostPrefix = "\(location.bucket)."
    }
    return request
  }

  private func send(
    _ request: AWSRequest, _ location: S3Location, needs: String
  ) throws -> HTTPResponse {
    var result: Result<HTTPResponse, AWSError>?
    aws.start(request, in: try objectContext()) { result = $0 }
    aws.run()
    return try Self.value(result, request.operation, location, needs: needs)
  }

  /// 96418 of `bytes 0-15/96418`.
  private static func total(_ response: HTTPResponse) -> Int? {
    response.headers["content-range"].flatMap { $0.split(separator: "/").last }.flatMap { Int($0) }
  }
}
