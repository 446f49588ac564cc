import HTTPClient
import Platform
import SigV4

/// One call on its way through its tries.
final class Call {
  private let request: AWSRequest
  private let context: CallContext
  private let client: AWSClient
  private let completion: (Result<HTTPResponse, AWSError>) -> Void
  private let payloadHash: PayloadHash
  private let startMilliseconds: Int64
  private var attempts = 0

  init(
    _ request: AWSRequest, _ context: CallContext, client: AWSClient,
    _ completion: @escaping (Result<HTTPResponse, AWSError>) -> Void
  ) {
    self.request = request
    self.context = context
    self.client = client
    self.completion = completion
    // The hash is the same for every try, only the date changes.
    payloadHash = .of(request.body)
    startMilliseconds = client.clock.monotonicMilliseconds()
  }

  /// Milliseconds in which the call must be over, so that there is time left to report.
  private var remainingMilliseconds: Int64 {
    context.deadline.earlier(byMilliseconds: context.reserveMilliseconds)
      .remainingMilliseconds(on: client.clock)
  }

  func attempt() {
    let remaining = remainingMilliseconds
    guard remaining > 0 else { return completion(.failure(noTime())) }
    attempts += 1
    let signed = client.signed(
      request, payloadHash: payloadHash, in: context, timeoutMilliseconds: remaining)
    client.http.start(signed) { self.receive($0) }
  }

  private func receive(_ result: Result<HTTPResponse, HTTPError>) {
    switch result {
    case .success(let response) where (200..<300).contains(response.status):
      completion(.success(response))
    case .success(let response):
      retryOrFail(AWSError(response, request: request, region: client.configuration.region))
    case .failure(let error) where error.kind == .timedOut && remainingMilliseconds <= 0:
      completion(.failure(noTime()))
    case .failure(let error):
      retryOrFail(AWSError(error, request: request))
    }
  }

  private func retryOrFail(_ error: AWSError) {
    let isWorthIt = error.isTransient || request.service.isRetryable(error)
    guard isWorthIt, attempts < client.configuration.maximumAttempts else {
      return completion(.failure(error.after(attempts: attempts, retryCanHelp: isWorthIt)))
    }
    let ceiling = min(2_000, Int64(50) << min(attempts - 1, 10))
    let pause = Int64.random(in: 0...ceiling)
    guard pause < remainingMilliseconds else {
      return completion(.failure(error.after(attempts: attempts, retryCanHelp: true)))
    }
    client.countRetry()
    context.log.warn(
      "try \(attempts) of \(client.configuration.maximumAttempts), again in \(pause) ms: "
        + error.message)
    client.http.schedule(afterMilliseconds: pause) { self.attempt() }
  }

  private func noTime() -> AWSError {
    let elapsed = client.clock.monotonicMilliseconds() - startMilliseconds
    let left = max(0, context.deadline.remainingMilliseconds(on: client.clock))
    return AWSError(
      operation: request.operation, service: request.service.displayName, code: .timedOut,
      detail: "no answer after \(seconds(elapsed)), \(seconds(left)) left",
      advice: "Give the function a longer timeout, or look at what it waits for"
    ).after(attempts: attempts, retryCanHelp: true)
  }

  /// `2.95 s` for 2,950 ms.
  private func seconds(_ milliseconds: Int64) -> String {
    let hundredths = (milliseconds + 5) / 10
    let fraction = hundredths % 100
    return "\(hundredths / 100).\(fraction < 10 ? "0" : "")\(fraction) s"
  }
}
