import HTTPClient
import Platform
import SigV4

/// Signed calls to AWS with bounded retries, one or many at the same time.
///
/// Each try is signed for the moment at which it is sent. What is worth another try is decided by
/// `AWSService`; the waits are the SDKs' standard mode (full jitter from 50 ms, at most 2 s), and
/// no try and no wait goes beyond the invocation's deadline.
/// See https://docs.aws.amazon.com/sdkref/latest/guide/feature-retry-behavior.html
public final class AWSClient {
  /// The region, the endpoints and the number of tries.
  public let configuration: AWSConfiguration
  let http: HTTPClient
  let clock: Clock
  private let signer = Signer()
  private var retryCount = 0

  /// A client that sends through `http`, which is also where its calls are driven.
  public init(configuration: AWSConfiguration, http: HTTPClient, clock: Clock = .system) {
    self.configuration = configuration
    self.http = http
    self.clock = clock
  }

  /// The number of repeated tries since the last time it was asked.
  public func takeRetryCount() -> Int {
    defer { retryCount = 0 }
    return retryCount
  }

  func countRetry() { retryCount += 1 }

  /// Starts a call; `completion` gets the first 2xx response or the last error, once, while
  /// `http` runs.
  public func start(
    _ request: AWSRequest, in context: CallContext,
    then completion: @escaping (Result<HTTPResponse, AWSError>) -> Void
  ) {
    Call(request, context, client: self, completion).attempt()
  }

  /// Opens a connection to a service ahead of its first call, while another service is waited for.
  ///
  /// An unsigned `GET /ping`: it calls nothing and needs no permission, and its answer, whatever it
  /// is, leaves an open connection. Nothing is sent when the service was called before, or is reached
  /// by plain HTTP.
  public func connect(to service: AWSService) {
    http.connect(to: configuration.baseURL(of: service, prefix: "") + "/ping")
  }

  /// Performs one call.
  ///
  /// - Throws: `AWSError` after the last try.
  public func send(
    _ request: AWSRequest, in context: CallContext
  ) throws(AWSError) -> HTTPResponse {
    var result: Result<HTTPResponse, AWSError>?
    start(request, in: context) { result = $0 }
    http.run()
    guard let result else {
      throw AWSError(
        operation: request.operation, service: request.service.displayName,
        code: .connection, detail: "the transfer ended without a result")
    }
    return try result.get()
  }

  /// A URL that lets whoever has it make this one request, without credentials of his own.
  ///
  /// - Parameter expiresInSeconds: 1 to 604,800; it ends with the credentials in any case.
  public func presignedURL(
    _ request: AWSRequest, expiresInSeconds: Int, in context: CallContext
  ) -> String {
    let base = BaseURL(configuration.baseURL(of: request.service, prefix: request.hostPrefix))
    let target = signer.presign(
      SigningRequest(
        method: request.method, path: base.path + request.path, query: request.query,
        headers: [HeaderField(name: "Host", value: base.authority)], payloadHash: .unsigned,
        style: request.service.signingStyle),
      credentials: context.credentials, region: configuration.region,
      service: request.service.signingName, time: now, expiresInSeconds: expiresInSeconds)
    return base.origin + target
  }

  private var now: SigningTime { SigningTime(unixSeconds: clock.unixMilliseconds() / 1000) }

  /// The signed form of a request, ready to be sent now.
  func signed(
    _ request: AWSRequest, payloadHash: PayloadHash, in context: CallContext,
    timeoutMilliseconds: Int64
  ) -> HTTPRequest {
    let base = BaseURL(configuration.baseURL(of: request.service, prefix: request.hostPrefix))
    var headers = [HeaderField(name: "Host", value: base.authority)]
    headers += request.headers.map { HeaderField(name: $0.name, value: $0.value) }
    let signed = signer.sign(
      SigningRequest(
        method: request.method, path: base.path + request.path, query: request.query,
        headers: headers, payloadHash: payloadHash,
        style: request.service.signingStyle),
      credentials: context.credentials, region: configuration.region,
      service: request.service.signingName, time: now)
    var sent = signed.headers.map { HTTPHeader($0.name, $0.value) }
    // Neither is signed: hops on the way may change them.
    sent.append(HTTPHeader("User-Agent", Product.userAgent))
    if let traceID = context.traceID { sent.append(HTTPHeader("X-Amzn-Trace-Id", traceID)) }
    return HTTPRequest(
      method: request.method, url: base.origin + signed.target, headers: sent, body: request.body,
      timeoutMilliseconds: timeoutMilliseconds, maximumBodyBytes: request.maximumResponseBytes)
  }
}

@available(*, unavailable)
extension AWSClient: Sendable {}
