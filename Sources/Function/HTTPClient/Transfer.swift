import CLibcurl
import Platform

/// The state of one request on its way: what is still to be sent and what has been received.
///
/// libcurl's callbacks reach it through the easy handle that carries it.
final class Transfer {
  let request: HTTPRequest
  let origin: Substring
  let observer: (any BodyObserver)?
  let completion: (Result<HTTPResponse, HTTPError>) -> Void
  private var sentBytes = 0
  private var headers = HTTPHeaders()
  private var body: [UInt8] = []
  /// In the body, or taken by the observer.
  private var receivedBytes = 0
  /// Only a success is held to the request's limit: an error must be reported whatever its size.
  private var isSuccess = false
  /// Of an error's body no more than this is kept.
  private static let maximumErrorBytes = 1 << 20
  /// Why a callback stopped the transfer; more precise than libcurl's "write error".
  private(set) var refusal: HTTPError?
  /// Whether the empty line after the last response's headers came. libcurl takes a connection that
  /// ends before it for a complete response.
  private var hasAllHeaders = false
  /// Whether a byte of the response came.
  private var hasBegun = false
  /// Reads the time for the limits that libcurl does not know; nil when the request has none.
  private var monotonicMilliseconds: (@Sendable () -> Int64)?
  /// When the transfer is given up unless it proceeds, on the monotonic clock; `Int64.max` for never.
  private(set) var giveUpMilliseconds: Int64 = .max

  init(
    _ request: HTTPRequest, observer: (any BodyObserver)? = nil,
    completion: @escaping (Result<HTTPResponse, HTTPError>) -> Void
  ) {
    self.request = request
    self.observer = observer
    origin = request.origin
    self.completion = completion
  }

  /// Begins to watch the time limits; until the request is sent that of connecting, which is libcurl's, holds.
  func watch(by clock: Clock) {
    guard request.firstByteMilliseconds != nil || request.stallMilliseconds != nil else { return }
    monotonicMilliseconds = clock.monotonicMilliseconds
  }

  private func proceeds() {
    guard let monotonicMilliseconds else { return }
    let limit = hasBegun ? request.stallMilliseconds : request.firstByteMilliseconds
    giveUpMilliseconds = limit.map(monotonicMilliseconds().clampedAdding) ?? .max
  }

  /// Why the transfer is given up when it times out; also what `finish` then reports.
  func giveUp() {
    let limit = (hasBegun ? request.stallMilliseconds : request.firstByteMilliseconds) ?? 0
    refusal = HTTPError(
      kind: .timedOut,
      message: (hasBegun ? "no further byte for " : "no response within ") + Self.seconds(limit))
  }

  /// What to say when libcurl ended the transfer at the request's time limit; nil when it has none.
  var tookTooLong: HTTPError? {
    request.timeoutMilliseconds.map {
      HTTPError(
        kind: .timedOut,
        message: (hasBegun ? "no complete response within " : "no response within ")
          + Self.seconds($0))
    }
  }

  private static func seconds(_ milliseconds: Int64) -> String {
    "\(Double(milliseconds / 100) / 10) s"
  }

  /// Asked each time before libcurl sends the request; `leftBytes` of it have left already.
  func mayBeSent(leftBytes: Int) -> Bool {
    proceeds()
    guard leftBytes > 0, request.isSentOnce else { return true }
    refusal = HTTPError(
      kind: .connectionLost, message: "the connection broke after the request had been sent")
    return false
  }

  /// Takes one header line, and at the end of a response's headers decides about its body.
  func receiveHeader(_ line: UnsafeRawBufferPointer) -> Bool {
    if unsafe line.first == UInt8(ascii: "H") && line.starts(with: "HTTP/".utf8) {
      // A new response: after "100 Continue", or after a retry on a fresh connection.
      headers.removeAll()
      body.removeAll()
      receivedBytes = 0
      hasAllHeaders = false
      hasBegun = true
      proceeds()
      // libcurl skips several spaces, too.
      let text = unsafe line.dropFirst("HTTP/1.1".utf8.count)
      isSuccess = unsafe text.first { $0 != UInt8(ascii: " ") } == UInt8(ascii: "2")
    } else if unsafe line.first == UInt8(ascii: "\r") || line.first == UInt8(ascii: "\n") {
      hasAllHeaders = true
      return acceptBody()
    } else {
      unsafe headers.append(line: line)
    }
    return true
  }

  /// Whether nothing but the end of a TLS connection ends the body of a success.
  private(set) var bodyEndsWithConnection = false

  /// Refuses a body that is declared too large, before a byte of it is read.
  private func acceptBody() -> Bool {
    bodyEndsWithConnection =
      isSuccess && request.method != "HEAD" && request.url.hasPrefix("https:")
      && headers.contentLength == nil && headers["transfer-encoding"] == nil
    guard request.method != "HEAD", isSuccess else { return true }
    let declared = headers.contentLength
    if let declared, !(0...request.maximumBodyBytes).contains(declared) {
      return refuse(declaredBytes: declared)
    }
    observer?.begin(headers, declaredBytes: declared)
    if let declared, observer?.keepsBody != true { body.reserveCapacity(declared) }
    return true
  }

  /// Where the observer keeps further bytes of a success; more than the limit are received elsewhere, and refused.
  func place(forBytes count: Int) -> UnsafeMutableRawPointer? {
    guard isSuccess, count <= request.maximumBodyBytes - receivedBytes else { return nil }
    return unsafe observer?.place(forBytes: count)
  }

  /// Takes bytes of the body, unless it grows over the limit.
  func receiveBody(_ bytes: UnsafeRawBufferPointer) -> Bool {
    proceeds()
    let room = (isSuccess ? request.maximumBodyBytes : Self.maximumErrorBytes) - receivedBytes
    if isSuccess, bytes.count > room { return refuse(declaredBytes: nil) }
    let kept = unsafe UnsafeRawBufferPointer(rebasing: bytes.prefix(room))
    receivedBytes += kept.count
    if isSuccess, let observer {
      unsafe observer.take(kept)
      if observer.keepsBody { return true }
    }
    unsafe body.append(contentsOf: kept)
    return true
  }

  private func refuse(declaredBytes: Int?) -> Bool {
    let limit = request.maximumBodyBytes
    let size = declaredBytes.map { "\($0) bytes" } ?? "more than \(limit) bytes"
    refusal = HTTPError(
      kind: .bodyTooLarge(declaredBytes: declaredBytes, limitBytes: limit),
      message: "the response body is \(size), the limit is \(limit)")
    return false
  }

  /// Copies the next part of the request's body into libcurl's buffer.
  func sendBody(into buffer: UnsafeMutableRawBufferPointer) -> Int {
    let count = min(buffer.count, request.body.count - sentBytes)
    unsafe request.body.withUnsafeBytes { bytes in
      unsafe buffer.copyMemory(
        from: UnsafeRawBufferPointer(rebasing: bytes[sentBytes..<sentBytes + count]))
    }
    sentBytes += count
    proceeds()
    return count
  }

  /// Goes back in the request's body, when libcurl repeats it on a fresh connection.
  func seek(to offset: Int) -> Bool {
    guard (0...request.body.count).contains(offset) else { return false }
    sentBytes = offset
    return true
  }

  /// The headers of a success, for the error of an incomplete body.
  var headersOfSuccess: HTTPHeaders? { hasAllHeaders && isSuccess ? headers : nil }

  /// The response, once the transfer is complete for libcurl.
  ///
  /// - Throws: `.incompleteBody` when the connection ended within the headers.
  func response(status: Int) throws(HTTPError) -> HTTPResponse {
    guard hasAllHeaders else {
      throw HTTPError(
        kind: .incompleteBody, message: "the connection ended within the response's headers")
    }
    return HTTPResponse(status: status, headers: headers, body: body)
  }
}
