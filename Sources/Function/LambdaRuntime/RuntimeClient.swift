import HTTPClient
import JSON
import Platform

/// The four calls of the Lambda Runtime API. `RuntimeLoop` decides what the responses mean.
///
/// Plain HTTP to a link-local address, never through a proxy. `next` has no timeout, because the
/// sandbox is frozen while it is idle, possibly for hours.
/// Source: https://docs.aws.amazon.com/lambda/latest/dg/runtimes-api.html
struct RuntimeClient {
  /// Slightly more than Lambda's own limit.
  private static let maximumEventBytes = 16 << 20
  private static let maximumAnswerBytes = 65_536
  /// A process on the same machine answers a post at once; this limit only bounds a hang.
  private static let postTimeoutMilliseconds: Int64 = 30_000

  private let http: HTTPClient
  private let base: String
  private let nextRequest: HTTPRequest

  init(address: String, http: HTTPClient) {
    self.http = http
    base = "http://\(address)/2018-06-01/runtime"
    // Built once: the same request is sent for every invocation.
    nextRequest = HTTPRequest(
      method: "GET", url: base + "/invocation/next",
      headers: [HTTPHeader("User-Agent", Product.userAgent)], timeoutMilliseconds: nil,
      maximumBodyBytes: Self.maximumEventBytes)
  }

  func next() throws(HTTPError) -> HTTPResponse {
    try http.send(nextRequest)
  }

  /// Posts the handler's response.
  func postResponse(_ body: [UInt8], for invocation: Invocation) throws(HTTPError) -> HTTPResponse {
    try post(
      "/invocation/\(invocation.requestID)/response", body,
      headers: Self.echo(invocation))
  }

  func postError(
    _ error: InvocationError, for invocation: Invocation
  ) throws(HTTPError) -> HTTPResponse {
    try post(
      "/invocation/\(invocation.requestID)/error", error.report,
      headers: Self.echo(invocation) + [
        Self.errorType(error),
        HTTPHeader("Lambda-Runtime-Function-XRay-Error-Cause", error.xRayCause),
      ])
  }

  func postInitError(_ error: InvocationError) throws(HTTPError) -> HTTPResponse {
    try post("/init/error", error.report, headers: [Self.errorType(error)])
  }

  private func post(
    _ path: String, _ body: [UInt8], headers: [HTTPHeader]
  ) throws(HTTPError) -> HTTPResponse {
    var request = HTTPRequest(
      method: "POST", url: base + path,
      headers: [HTTPHeader("Content-Type", "application/json")] + headers, body: body,
      timeoutMilliseconds: Self.postTimeoutMilliseconds,
      maximumBodyBytes: Self.maximumAnswerBytes)
    // The loop decides about a retry and logs it.
    request.isSentOnce = true
    return try http.send(request)
  }

  private static func echo(_ invocation: Invocation) -> [HTTPHeader] {
    invocation.invocationID.map { [HTTPHeader("Lambda-Runtime-Invocation-Id", $0)] } ?? []
  }

  private static func errorType(_ error: InvocationError) -> HTTPHeader {
    HTTPHeader("Lambda-Runtime-Function-Error-Type", error.headerType)
  }
}
