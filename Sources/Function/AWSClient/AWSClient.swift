import HTTPClient
import Platform
import SigV4

/// Signed calls to AWS, one or many at the same time.
///
/// Each attempt is signed for the moment at which it is sent. What is retried is decided by `RetryRules`
/// and `AWSService.rule`, how often and when by `CallPolicy`. No attempt goes beyond the invocation's
/// deadline, and no retry is started that cannot end before it.
public final class AWSClient {
  /// The region and the endpoints.
  public let configuration: AWSConfiguration
  /// Attempts and pauses.
  public var policy: CallPolicy
  /// Called before each retry instead of a warning in the context's log.
  public var onRetry: ((_ failure: AWSError, _ pauseMilliseconds: Int64) -> Void)?
  let http: HTTPClient
  let clock: Clock
  /// Calls an action after a pause.
  let wait: (_ milliseconds: Int64, _ action: @escaping () -> Void) -> Void
  private let userAgent: String
  private let signer = Signer()
  private var retryCount = 0
  private var histories: ServiceHistories
  /// Where the last requests went.
  private var bases: [KnownBase] = []
  private static let maximumBases = 8

  /// A client that sends through `http`, which is also where its calls are driven.
  ///
  /// - Parameters:
  ///   - policy: the function's unless given.
  ///   - histories: of its own unless given.
  ///   - wait: calls an action after a pause in milliseconds; by `http` unless given, so that other
  ///     transfers proceed meanwhile.
  public init(
    configuration: AWSConfiguration, http: HTTPClient, clock: Clock = .system,
    policy: CallPolicy? = nil, histories: ServiceHistories = ServiceHistories(),
    userAgent: String = Product.userAgent,
    wait: ((_ milliseconds: Int64, _ action: @escaping () -> Void) -> Void)? = nil
  ) {
    self.configuration = configuration
    self.http = http
    self.clock = clock
    self.policy = policy ?? .function(maximumAttempts: configuration.maximumAttempts)
    self.histories = histories
    self.userAgent = userAgent
    self.wait = wait ?? { http.schedule(afterMilliseconds: $0, $1) }
  }

  /// The number of retries since the last call of this function.
  public func takeRetryCount() -> Int {
    defer { retryCount = 0 }
    return retryCount
  }

  func willRetry(_ failure: AWSError, pauseMilliseconds: Int64, _ context: CallContext) {
    retryCount += 1
    if let onRetry { return onRetry(failure, pauseMilliseconds) }
    context.log.warn(
      "attempt \(failure.attempts) of \(policy.maximumAttempts) failed, retry in "
        + "\(pauseMilliseconds) ms: \(failure.message)", failure.logFields)
  }

  /// What is remembered of a service; kept for the life of the client.
  func history(of service: AWSService) -> ServiceHistory { histories.history(of: service) }

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
  /// An unsigned `GET /ping`: it calls nothing and needs no permission, and any response leaves an open
  /// connection. Nothing is sent when the service was called before, or is reached by plain HTTP.
  public func connect(to service: AWSService) {
    http.connect(to: configuration.baseURL(of: service, prefix: "") + "/ping")
  }

  /// Makes TLS ready before the first event; see `HTTPClient.rehearse`. The request is that of `connect`.
  public func rehearse(for service: AWSService) {
    http.rehearse(with: configuration.baseURL(of: service, prefix: "") + "/ping")
  }

  /// Performs one call.
  ///
  /// - Throws: `AWSError` after the last attempt.
  public func send(
    _ request: AWSRequest, in context: CallContext
  ) throws(AWSError) -> HTTPResponse {
    var result: Result<HTTPResponse, AWSError>?
    start(request, in: context) { result = $0 }
    http.run()
    guard let result else {
      throw AWSError(
        operation: request.operation, service: request.service.displayName,
        code: .connection, detail: "the transfer ended without a result", verdict: .laterOnly)
    }
    return try result.get()
  }

  /// Drives the calls that were started until none is left.
  public func run() { http.run() }

  /// A URL with which anyone can make this one request without credentials.
  ///
  /// - Parameter expiresInSeconds: 1 to 604,800; the credentials' expiration ends it earlier.
  /// - Returns: nil without credentials.
  public func presignedURL(
    _ request: AWSRequest, expiresInSeconds: Int, in context: CallContext
  ) -> String? {
    guard let credentials = context.credentials else { return nil }
    let base = base(of: request)
    let target = signer.presign(
      SigningRequest(
        method: request.method, path: base.path + request.path, query: request.query,
        headers: [HeaderField(name: "Host", value: base.authority)], payloadHash: .unsigned,
        style: request.service.signingStyle),
      credentials: credentials, region: configuration.region,
      service: request.service.signingName, time: now, expiresInSeconds: expiresInSeconds)
    return base.origin + target
  }

  private var now: SigningTime { SigningTime(unixSeconds: clock.unixMilliseconds() / 1000) }

  /// A structure, because an array of tuples is copied by a generic function.
  private struct KnownBase {
    let service: String
    let prefix: String
    let base: BaseURL
  }

  private func base(of request: AWSRequest) -> BaseURL {
    let (service, prefix) = (request.service, request.hostPrefix)
    for known in bases where known.service == service.displayName && known.prefix == prefix {
      return known.base
    }
    let base = BaseURL(configuration.baseURL(of: service, prefix: prefix))
    if bases.count == Self.maximumBases { bases.removeFirst() }
    bases.append(KnownBase(service: service.displayName, prefix: prefix, base: base))
    return base
  }

  /// The request ready to be sent now: signed, unless there are no credentials.
  func signed(
    _ request: AWSRequest, payloadHash: PayloadHash, credentials: AWSCredentials?,
    redirect: BaseURL?, in context: CallContext
  ) -> HTTPRequest {
    let base = redirect ?? base(of: request)
    var headers: [HeaderField] = []
    headers.reserveCapacity(request.headers.count + 1)
    headers.append(HeaderField(name: "Host", value: base.authority))
    for header in request.headers {
      headers.append(HeaderField(name: header.name, value: header.value))
    }
    let path = Array((base.path + request.path).utf8)
    let unsigned = SigningRequest(
      method: request.method, path: request.isPathEncoded ? .encoded(path) : .raw(path),
      query: request.query, headers: headers, payloadHash: payloadHash,
      style: request.service.signingStyle)
    let url: String
    var sent: [HTTPHeader]
    if let credentials {
      let signed = signer.sign(
        unsigned, credentials: credentials, region: configuration.region,
        service: request.service.signingName, time: now)
      url = base.origin + signed.target
      sent = []
      sent.reserveCapacity(signed.headers.count + 2)
      for header in signed.headers { sent.append(HTTPHeader(header.name, header.value)) }
    } else {
      url = base.origin + base.path + request.path
      sent = request.headers
    }
    // Neither is signed: hops on the way may change them.
    sent.append(HTTPHeader("User-Agent", userAgent))
    if let traceID = context.traceID { sent.append(HTTPHeader("X-Amzn-Trace-Id", traceID)) }
    var http = HTTPRequest(
      method: request.method, url: url, headers: sent, body: request.body,
      timeoutMilliseconds: nil, maximumBodyBytes: request.maximumResponseBytes)
    http.bodyBuffer = request.receivedBody?.buffer
    return http
  }

  /// Where a temporary redirect leads: only to a host of AWS over HTTPS, since the request is signed anew
  /// for it, or to the host of an overridden endpoint.
  func redirectTarget(_ response: HTTPResponse) -> BaseURL? {
    guard let location = response.headers["location"] else { return nil }
    let target = BaseURL(location)
    let isAWS =
      location.hasPrefix("https://")
      && target.authority.hasSuffix(".\(configuration.partition.dnsSuffix)")
    guard isAWS || configuration.overrides(host: target.authority) else { return nil }
    return target.withoutPath
  }
}

@available(*, unavailable)
extension AWSClient: Sendable {}
