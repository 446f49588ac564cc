import AWSClient
import HTTPClient
import Platform

/// One request: as it would be sent, and through its attempts.
extension ControlClient {
  /// The request as it would be sent, without a signature: for `--dry-run` and for
  /// `.ci/checks/control-requests.sh`.
  package func unsignedRequest(
    _ operation: some ControlOperation
  ) -> (url: String, request: WireRequest) {
    let request = operation.wireRequest
    return (url(of: request, type(of: operation).service), request)
  }

  func url(of request: WireRequest, _ service: ControlService) -> String {
    let query = request.query.map {
      "\(PercentEncoded.text($0.name))=\(PercentEncoded.text($0.value))"
    }.joined(separator: "&")
    return configuration.baseURL(of: service.aws, prefix: request.hostPrefix) + request.path.encoded
      + (query.isEmpty ? "" : "?\(query)")
  }

  /// One call through its attempts.
  func perform<Operation: ControlOperation>(
    _ operation: Operation
  ) throws -> Operation.Output {
    var result: Result<Operation.Output, any Error>?
    try start(operation) { result = $0 }
    aws.run()
    guard let result else { throw Interrupted(activity: "a retry of \(operation.title)") }
    return try result.get()
  }

  /// Starts a call, for `ReadGroup`; `completion` is called once while `aws` runs, or never after
  /// Ctrl-C.
  func start<Operation: ControlOperation>(
    _ operation: Operation, then completion: @escaping (Result<Operation.Output, any Error>) -> Void
  ) throws {
    if let answer {
      return completion(
        Result {
          let response = try answer(operation)
          return try Self.output(of: operation, response)
        })
    }
    let service = Operation.service.aws
    try configuration.checkEndpoint(of: service)
    let wire = operation.wireRequest
    var request = AWSRequest(
      service: service, operation: operation.title, method: wire.method, path: wire.path.encoded,
      maximumResponseBytes: 16 << 20, accessAdvice: ControlAdvice.access(operation))
    request.isPathEncoded = true
    request.hostPrefix = wire.hostPrefix
    request.query = wire.query
    request.headers = wire.headers
    request.body = wire.body
    request.limits = TimeLimits(attemptMilliseconds: operation.timeoutMilliseconds)
    request.isRepeatable = Operation.isRepeatable
    let context = try context()
    let report = Exchange(
      title: operation.title, request: "\(wire.method) \(url(of: wire, Operation.service))",
      bodyBytes: wire.body.count, on: self)
    pauses.begin()
    aws.start(request, in: context) { result in
      report.end(result)
      completion(Result { try Self.output(of: operation, result.get()) })
    }
  }

  private static func output<Operation: ControlOperation>(
    of operation: Operation, _ result: @autoclosure () throws(AWSError) -> HTTPResponse
  ) throws(AWSError) -> Operation.Output {
    let response: HTTPResponse
    do throws(AWSError) {
      response = try result()
    } catch {
      throw ControlAdvice.text(for: error).map { error.with(advice: $0) } ?? error
    }
    do throws(MalformedResponse) {
      return try Operation.output(of: response)
    } catch {
      throw AWSError(
        operation: operation.title, service: Operation.service.aws.displayName,
        code: .malformedResponse, detail: "\(error.field) \(error.problem)",
        status: response.status, requestID: response.headers["x-amzn-requestid"])
    }
  }

  /// For one call: the keys of this moment, and no deadline unless given.
  func context(deadline: Deadline = .distantFuture) throws -> CallContext {
    let context = CallContext(
      credentials: try credentials.credentials(), deadline: deadline, traceID: nil,
      log: Log(environment: Environment([:]), clock: clock, write: { _ in }))
    let credentials = credentials
    context.otherCredentials = { credentials.renewed() }
    return context
  }
}
