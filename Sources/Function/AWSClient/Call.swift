import HTTPClient
import Platform
import SigV4

/// One call on its way through its attempts: the only place where a request to AWS is repeated.
final class Call {
  private let request: AWSRequest
  private let context: CallContext
  private let client: AWSClient
  private let completion: (Result<HTTPResponse, AWSError>) -> Void
  private let payloadHash: PayloadHash
  private let startMilliseconds: Int64
  private var credentials: AWSCredentials?
  /// The bucket's location in S3's redirect, instead of the region's endpoint.
  private var redirect: BaseURL?
  private var attempts = 0
  private var attemptStartMilliseconds: Int64 = 0
  private var hasUsedOnce = false
  private var lastCost: Int?
  /// Whether the attempt before brought no response: its connection, and its address, may be dead.
  private var wasUnanswered = false

  init(
    _ request: AWSRequest, _ context: CallContext, client: AWSClient,
    _ completion: @escaping (Result<HTTPResponse, AWSError>) -> Void
  ) {
    self.request = request
    self.context = context
    self.client = client
    self.completion = completion
    credentials = context.credentials
    // The hash is the same for every attempt, only the date changes.
    payloadHash = request.receivedBody?.hash ?? .of(request.body)
    startMilliseconds = client.clock.monotonicMilliseconds()
  }

  /// Milliseconds within which the call must be over, so that there is time left to report.
  private var remainingMilliseconds: Int64 {
    context.deadline.earlier(byMilliseconds: context.reserveMilliseconds)
      .remainingMilliseconds(on: client.clock)
  }

  func attempt() {
    let remaining = remainingMilliseconds
    guard remaining > 0 else { return completion(.failure(noTime())) }
    attempts += 1
    attemptStartMilliseconds = client.clock.monotonicMilliseconds()
    var signed = client.signed(
      request, payloadHash: payloadHash, credentials: credentials, redirect: redirect, in: context)
    signed.timeoutMilliseconds = min(remaining, request.limits.attemptMilliseconds ?? .max)
    signed.firstByteMilliseconds = request.limits.firstByteMilliseconds(ofAttempt: attempts)
    signed.stallMilliseconds = request.limits.stallMilliseconds
    signed.isOnFreshConnection = wasUnanswered
    signed.isSentOnce = !request.isRepeatable
    client.http.start(signed, observer: request.bodyObserver) { self.receive($0) }
  }

  private func receive(_ result: Result<HTTPResponse, HTTPError>) {
    wasUnanswered = false
    switch result {
    case .success(let response) where (200..<300).contains(response.status):
      if let error = request.check?(response) { return retryOrFail(error, response.headers) }
      client.history(of: request.service).succeed(
        lastCost: lastCost,
        milliseconds: client.clock.monotonicMilliseconds() - attemptStartMilliseconds)
      completion(.success(response))
    case .success(let response):
      var error = AWSError(response, request: request, region: client.configuration.region)
      if response.status == 307, redirect == nil, let target = client.redirectTarget(response) {
        redirect = target
        error = error.with(verdict: .once)
      }
      retryOrFail(error, response.headers)
    case .failure(let error) where error.isTimeout && remainingMilliseconds <= 0:
      completion(.failure(noTime()))
    case .failure(let error):
      wasUnanswered = true
      retryOrFail(AWSError(error, request: request), error.headers)
    }
  }

  private func retryOrFail(_ error: AWSError, _ headers: HTTPHeaders?) {
    guard let kind = error.verdict.pause, attempts < client.policy.maximumAttempts,
      mayRepeat(after: error.verdict), prepareCredentials(after: error.verdict)
    else { return fail(error) }
    let pause = client.policy.pauseMilliseconds(kind, attempts: attempts, headers: headers)
    guard fits(pause, error.verdict) else { return fail(error, "no time for a retry") }
    guard let cost = client.history(of: request.service).acquire(kind) else {
      return fail(error, "the retry quota is used up")
    }
    lastCost = cost
    if error.verdict.isOnce { hasUsedOnce = true }
    client.willRetry(error.after(attempts: attempts, note: nil), pauseMilliseconds: pause, context)
    client.wait(pause) { self.attempt() }
  }

  private func fail(_ error: AWSError, _ note: String? = nil) {
    completion(.failure(error.after(attempts: attempts, note: note)))
  }

  /// Throttling means that nothing was done; all else may have been done already.
  private func mayRepeat(after verdict: RetryVerdict) -> Bool {
    (request.isRepeatable || verdict.pause == .throttling) && !(verdict.isOnce && hasUsedOnce)
  }

  private func prepareCredentials(after verdict: RetryVerdict) -> Bool {
    guard verdict.needsOtherCredentials else { return true }
    guard let others = context.otherCredentials?(), others != credentials else { return false }
    credentials = others
    return true
  }

  /// A retry that cannot end in time only makes the answer later.
  private func fits(_ pause: Int64, _ verdict: RetryVerdict) -> Bool {
    let typical = client.history(of: request.service).typicalMilliseconds
    let whole = min(request.limits.attemptMilliseconds ?? .max, 60_000)
    let needed = pause.clampedAdding(verdict.needsFullAttempt ? whole : typical)
    return needed < remainingMilliseconds
  }

  private func noTime() -> AWSError {
    let elapsed = client.clock.monotonicMilliseconds() - startMilliseconds
    let left = max(0, context.deadline.remainingMilliseconds(on: client.clock))
    return AWSError(
      operation: request.operation, service: request.service.displayName, code: .timedOut,
      detail: "no response after \(seconds(elapsed)), \(seconds(left)) left",
      verdict: .laterOnly,
      advice: "Increase the function's timeout, or find out why the service is slow"
    ).after(attempts: attempts, note: nil)
  }

  /// `2.95 s` for 2,950 ms.
  private func seconds(_ milliseconds: Int64) -> String {
    let hundredths = milliseconds.clampedAdding(5) / 10
    let fraction = hundredths % 100
    return "\(hundredths / 100).\(fraction < 10 ? "0" : "")\(fraction) s"
  }
}
