import AWSClient
import HTTPClient

extension ControlClient {
  /// One call with its retries.
  func perform<Operation: ControlOperation>(_ operation: Operation) throws -> Operation.Output {
    var attempt = 0
    while true {
      attempt += 1
      let request = try signed(operation)
      let failure: AWSError
      var headers: HTTPHeaders?
      switch Result(catching: { () throws(HTTPError) in try http.send(request) }) {
      case .success(let response) where (200..<300).contains(response.status):
        return try output(of: response, operation)
      case .success(let response):
        headers = response.headers
        failure = AWSError(
          response, request: describing(operation), region: configuration.region
        ).forOperator(operation, body: response.body)
      case .failure(let error):
        failure = AWSError(error, request: describing(operation))
      }
      let mayRetry =
        RetryPolicy.isThrottling(failure)
        || (Operation.isRepeatable && RetryPolicy.isTransient(failure))
      guard mayRetry, attempt < retryPolicy.maximumAttempts else {
        throw failure.after(attempts: attempt, retryCanHelp: mayRetry)
      }
      let pause = retryPolicy.pauseMilliseconds(afterAttempt: attempt, headers)
      onRetry("\(operation.title): \(failure.code.rawValue), retrying in \(pause) ms")
      clock.sleep(pause)
    }
  }

  /// The request, as errors name it.
  func describing<Operation: ControlOperation>(_ operation: Operation) -> AWSRequest {
    AWSRequest(
      service: Operation.service.aws, operation: operation.title, method: "", path: "",
      maximumResponseBytes: 0, accessAdvice: ControlAdvice.access(operation))
  }

  private func output<Operation: ControlOperation>(
    of response: HTTPResponse, _ operation: Operation
  ) throws -> Operation.Output {
    do throws(MalformedResponse) {
      return try Operation.output(of: response)
    } catch {
      throw AWSError(
        operation: operation.title, service: Operation.service.aws.displayName,
        code: .malformedResponse, detail: "\(error.field) \(error.problem)",
        status: response.status, requestID: response.headers["x-amzn-requestid"])
    }
  }
}
