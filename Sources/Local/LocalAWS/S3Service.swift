import Foundation
import LoopbackServer
import SigV4
import SignatureVerification

/// S3's GetObject, also of a range, HeadObject, and, with an overlay, PutObject, path style.
///
/// Source: https://docs.aws.amazon.com/AmazonS3/latest/API/API_GetObject.html. Buckets have no
/// versioning: only the version `null` exists.
struct S3Service: Sendable {
  let store: ObjectStore
  private let verifier: SignatureVerifier
  private let region: String
  private let now: @Sendable () -> SigningTime
  private let ignoresVersions: Bool

  init(configuration: LocalAWS.Configuration, verifier: SignatureVerifier) {
    store = ObjectStore(configuration: configuration)
    self.verifier = verifier
    region = configuration.region
    now = configuration.now
    ignoresVersions = configuration.ignoresVersions
  }

  func respond(_ request: ReceivedHTTPRequest) -> LocalResponse {
    do throws(S3Error) {
      do {
        try verifier.verify(request, service: "s3", region: region, at: now())
      } catch {
        throw S3Error(status: error.status, code: error.code, message: error.message)
      }
      return try answer(request)
    } catch {
      return error.response(resource: request.path)
    }
  }

  private func answer(_ request: ReceivedHTTPRequest) throws(S3Error) -> LocalResponse {
    let (bucket, key) = try S3Path.parse(request.path)
    let isUpload = request.method == "PUT" && store.overlay != nil
    guard isUpload || request.method == "GET" || request.method == "HEAD" else {
      throw S3Error(
        status: 405, code: "MethodNotAllowed",
        message: "The specified method is not allowed against this resource.")
    }
    guard !bucket.isEmpty, !key.isEmpty else {
      throw S3Error(
        status: 501, code: "NotImplemented",
        message: "Only objects are supported; buckets cannot be listed or created.")
    }
    if isUpload { return try put(request, bucket: bucket, key: key) }
    let object = try read(bucket: bucket, key: key, query: request.query)
    var headers =
      commonHeaders() + [("Last-Modified", httpDate(object.modified)), ("ETag", object.eTag)]
      + object.headers.map { ($0.name, $0.value) }
    if let range = try ByteRange(request, count: object.bytes.count) {
      headers.append(("Content-Range", range.contentRange))
      return LocalResponse(status: 206, headers: headers, body: range.part(of: object.bytes))
    }
    if request.header("x-amz-checksum-mode")?.uppercased() == "ENABLED" {
      let checksum =
        object.checksum
        ?? (ChecksumAlgorithm.crc64nvme.header, ChecksumAlgorithm.crc64nvme.base64(object.bytes))
      headers += [(checksum.0, checksum.1), ("x-amz-checksum-type", "FULL_OBJECT")]
    }
    return LocalResponse(status: 200, headers: headers, body: object.bytes)
  }

  func commonHeaders() -> [(String, String)] {
    [("x-amz-request-id", freshRequestID()), ("x-amz-id-2", freshHostID()), ("Server", "AmazonS3")]
  }

  /// The object at a presigned or plain URL, for the container of the endpoint.
  func fetch(target: String, host: String) throws(S3Error) -> [UInt8] {
    let request = ReceivedHTTPRequest(
      method: "GET", target: target, headers: [(name: "Host", value: host)])
    if request.query.contains("X-Amz-Signature=") {
      let response = respond(request)
      guard response.status == 200 else {
        throw S3Error(
          status: response.status, code: "FetchFailed",
          message: String(decoding: response.body, as: UTF8.self))
      }
      return response.body
    }
    let (bucket, key) = try S3Path.parse(request.path)
    return try read(bucket: bucket, key: key, query: request.query).bytes
  }

  func read(bucket: String, key: String, query: String) throws(S3Error) -> ObjectStore.Object {
    let object = try store.read(bucket: bucket, key: key)
    let version = query.split(separator: "&").first { $0.hasPrefix("versionId=") }?.dropFirst(10)
    guard ignoresVersions || version == nil || version == "null" else { throw .noSuchVersion }
    return object
  }
}

/// What the endpoint's container can read: the objects of this S3, and the web.
package struct LocalObjects: Sendable {
  let s3: S3Service
  let baseURL: String
  /// Nil refuses https URLs.
  let web: WebFetcher?

  /// Reads the object at `s3://BUCKET/KEY`, or at a plain or presigned URL of this S3, or the image at an https URL.
  /// - Throws: an error with a description of the cause.
  package func read(url: String) throws -> [UInt8] {
    if url.hasPrefix("s3://") {
      let parts = url.dropFirst(5).split(
        separator: "/", maxSplits: 1, omittingEmptySubsequences: false)
      guard parts.count == 2, !parts[1].isEmpty else {
        throw S3Error(status: 400, code: "InvalidURI", message: "\(url) does not name an object")
      }
      return try s3.read(bucket: String(parts[0]), key: String(parts[1]), query: "").bytes
    }
    guard url.hasPrefix("\(baseURL)/") else {
      guard let web else { throw WebFetchError(.offline) }
      return try web.fetch(url)
    }
    return try s3.fetch(
      target: String(url.dropFirst(baseURL.count)), host: String(baseURL.dropFirst("http://".count))
    )
  }
}
