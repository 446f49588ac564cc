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
  private static let base = "/2018-06-01/runtime"

  private let connection: RuntimeConnection
  private let nextRequest: RuntimeRequest

  var address: RuntimeAddress { connection.address }

  /// - Throws: `.invalidRequest` when the address is not `HOST:PORT`.
  init(address: String, clock: Clock) throws(RuntimeAPIError) {
    let address = try RuntimeAddress(address)
    connection = RuntimeConnection(
      address, clock: clock, timeoutMilliseconds: Self.postTimeoutMilliseconds)
    // Built once: the same request is sent for every invocation.
    var request = try RuntimeRequest("GET", Self.base + "/invocation/next", to: address)
    try request.add("User-Agent", Product.userAgent)
    request.end()
    nextRequest = request
  }

  func next() throws(RuntimeAPIError) -> RuntimeResponse {
    try connection.get(nextRequest, limitBytes: Self.maximumEventBytes)
  }

  /// Posts the handler's response.
  func postResponse(
    _ body: [UInt8], for invocation: Invocation
  ) throws(RuntimeAPIError) -> RuntimeResponse {
    try post("/invocation/\(invocation.requestID)/response", body, for: invocation)
  }

  func postError(
    _ error: InvocationError, for invocation: Invocation
  ) throws(RuntimeAPIError) -> RuntimeResponse {
    try post("/invocation/\(invocation.requestID)/error", error.report, for: invocation, error)
  }

  func postInitError(_ error: InvocationError) throws(RuntimeAPIError) -> RuntimeResponse {
    try post("/init/error", error.report, for: nil, error)
  }

  /// Sent once, because the loop decides about a retry and logs it.
  private func post(
    _ path: String, _ body: [UInt8], for invocation: Invocation?, _ error: InvocationError? = nil
  ) throws(RuntimeAPIError) -> RuntimeResponse {
    var request = try RuntimeRequest("POST", Self.base + path, to: connection.address)
    try request.add("Content-Type", "application/json")
    if let id = invocation?.invocationID { try request.add("Lambda-Runtime-Invocation-Id", id) }
    if let error {
      try request.add("Lambda-Runtime-Function-Error-Type", error.headerType)
      if invocation != nil {
        try request.add("Lambda-Runtime-Function-XRay-Error-Cause", error.xRayCause)
      }
    }
    request.end(bodyBytes: body.count)
    return try connection.post(request, body, limitBytes: Self.maximumAnswerBytes)
  }
}
