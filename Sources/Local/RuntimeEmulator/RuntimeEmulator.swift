import Foundation
import JSON
import LoopbackServer

/// Lambda on loopback: the Runtime API (2018-06-01) that a function's process polls, and Lambda's
/// Invoke for outside clients.
///
/// Invocations are delivered in order, one at a time. The deadline is enforced: an invocation
/// without a response ends as timed out, and a later response gets 410. A waiting `/next` never
/// times out. Contract: the Lambda developer guide, "Lambda runtime API".
package final class RuntimeEmulator: Sendable {
  /// The properties of the emulated function.
  package struct Configuration: Sendable {
    /// `Lambda-Runtime-Invoked-Function-Arn`.
    package var functionARN = "arn:aws:lambda:us-east-1:123456789012:function:function"
    /// The version in `X-Amz-Executed-Version`.
    package var functionVersion = "$LATEST"
    /// The function timeout.
    package var timeoutMilliseconds: Int64 = 3000
    /// Whether `/next` carries `Lambda-Runtime-Invocation-Id`.
    package var sendsInvocationID = true
    /// Above 1 only for Managed Instances.
    package var maximumConcurrency = 1
    /// Whether a process can register an extension.
    package var acceptsExtensions = true
    /// The limit for payloads of Invoke and `/response`: 6 MiB.
    package var maximumPayloadBytes = 6_291_456
    /// The limit for payloads of asynchronous invocations: 1 MiB.
    package var maximumEventBytes = 1_048_576
    /// Runs before each call of the Runtime API.
    package var hook: RuntimeAPIHook?

    package init() {}
  }

  /// Runs an invocation of an outside client.
  package typealias Invoker = @Sendable (InvocationRequest) -> InvocationOutcome

  /// Answers requests that are not for Lambda, for example a browser's.
  package typealias Front = @Sendable (ReceivedHTTPRequest, LoopbackConnection) throws -> Void

  /// The first parts of the paths of Invoke, the Runtime API, and the Extensions API.
  private static let apiVersions = ["2015-03-31", "2018-06-01", "2020-01-01"]

  let configuration: Configuration
  let queue: InvocationQueue
  private let invoker = Locked<Invoker?>(nil)
  private let front = Locked<Front?>(nil)
  private let initError = Locked<ReportedError?>(nil)
  let extensions = Locked<[String: RegisteredExtension]>([:])
  private let server = Locked<LoopbackServer?>(nil)
  private let port: UInt16

  /// Starts to listen on 127.0.0.1.
  /// - Parameter port: 0 chooses a free port.
  package init(configuration: Configuration = Configuration(), port: UInt16 = 0) throws {
    self.configuration = configuration
    queue = InvocationQueue(maximumInFlight: configuration.maximumConcurrency)
    let entrance = Entrance()
    // Accepts 64 MiB, so that a payload above 6 MiB gets Lambda's own error.
    let server = try LoopbackServer(port: port, maximumHeaderBytes: 1 << 20) {
      request, connection in
      try entrance.emulator?.handle(request, connection)
    }
    self.port = server.port
    self.server.withLock { $0 = server }
    entrance.emulator = self
  }

  deinit {
    server.withLock { $0 }?.stop()
  }

  /// `127.0.0.1:PORT`, the value for `AWS_LAMBDA_RUNTIME_API`.
  package var address: String { "127.0.0.1:\(port)" }

  /// `http://127.0.0.1:PORT`, the value for `aws lambda invoke --endpoint-url`.
  package var baseURL: String { "http://\(address)" }

  /// The last error reported to `/init/error`.
  package var reportedInitError: ReportedError? { initError.withLock { $0 } }

  /// Returns and clears ``reportedInitError``, so that errors of successive processes are not
  /// confused.
  package func takeInitError() -> ReportedError? {
    initError.withLock { error in
      defer { error = nil }
      return error
    }
  }

  /// Ends every invocation with an error, and every connection. May be called twice.
  package func stop() {
    queue.finishAll(isLast: true) {
      .error(
        type: "Sandbox.Stopped",
        payload: errorJSON(type: "Sandbox.Stopped", requestID: $0, "Emulator stopped"))
    }
    server.withLock { server in
      defer { server = nil }
      return server
    }?.stop()
  }

  // MARK: Invoking

  /// Sends an event to the function and waits for the outcome: without limit until a runtime polls
  /// for it, then until its deadline.
  package func invoke(_ event: [UInt8]) -> InvocationOutcome {
    invoke(InvocationRequest(event: event))
  }

  /// Like ``invoke(_:)-([UInt8])``, with the data sent beside the event.
  package func invoke(_ request: InvocationRequest) -> InvocationOutcome {
    let invocation = PendingInvocation(request)
    guard queue.add(invocation) else {
      let payload = errorJSON(
        type: "Sandbox.Stopped", requestID: request.requestID, "Emulator stopped")
      return InvocationOutcome(
        requestID: request.requestID, result: .error(type: "Sandbox.Stopped", payload: payload),
        durationMilliseconds: 0)
    }
    return invocation.wait {
      guard queue.expire(invocation) else { return nil }
      let seconds = String(format: "%.2f", Double(configuration.timeoutMilliseconds) / 1000)
      return .timedOut(
        payload: errorJSON(
          type: "Sandbox.Timedout", requestID: request.requestID,
          "Task timed out after \(seconds) seconds"))
    }
  }

  /// Fails one invocation, waiting or in flight, for example because its process has exited. False
  /// when it has already ended.
  @discardableResult
  package func fail(requestID: String, type: String, message: String) -> Bool {
    queue.finish(
      requestID, .error(type: type, payload: errorJSON(type: type, requestID: requestID, message)))
  }

  /// Replaces the handling of outside clients' invocations, for example to start a process first.
  /// By default they call ``invoke(_:)-(InvocationRequest)``.
  package func setInvoker(_ invoker: @escaping Invoker) {
    self.invoker.withLock { $0 = invoker }
  }

  /// Answers requests that are neither Lambda's nor the Runtime API's; without it they get 404.
  package func setFront(_ front: @escaping Front) {
    self.front.withLock { $0 = front }
  }

  func carryOut(_ request: InvocationRequest) -> InvocationOutcome {
    if let invoker = invoker.withLock({ $0 }) { return invoker(request) }
    return invoke(request)
  }

  // MARK: Routing

  private func handle(_ request: ReceivedHTTPRequest, _ connection: LoopbackConnection) throws {
    if let sentence = BrowserGuard.refusal(of: request) { return try connection.refuse(sentence) }
    let parts = request.path.split(separator: "/", omittingEmptySubsequences: false).map(
      String.init)
    if parts.count == 5, parts[1] == "2015-03-31", parts[2] == "functions",
      parts[4] == "invocations"
    {
      return try handleInvoke(request, connection)
    }
    let call = RuntimeAPICall(method: request.method, parts)
    var action = RuntimeAPIAction.proceed
    if let hook = configuration.hook {
      action = try hook(call, request, connection)
      if action == .ignored { return }
    }
    let isAnswered = action == .answered
    switch call {
    case .next: if !isAnswered { try handleNext(request, connection) }
    case .response(let id): try handleResponse(id, request, isAnswered ? nil : connection)
    case .error(let id): try handleError(id, request, isAnswered ? nil : connection)
    case .initError: try handleInitError(request, isAnswered ? nil : connection)
    case .other, .delivery:
      if !isAnswered, try !handleExtension(request, connection) {
        try handleOther(request, connection)
      }
    }
  }

  private func handleOther(
    _ request: ReceivedHTTPRequest, _ connection: LoopbackConnection
  ) throws {
    let isRuntimeAPI = Self.apiVersions.contains { request.path.hasPrefix("/\($0)/") }
    if !isRuntimeAPI, let front = front.withLock({ $0 }) { return try front(request, connection) }
    try connection.send(
      status: 404, headers: json,
      body: runtimeErrorJSON(type: "NotFound", "No such call: \(request.method) \(request.path)"))
  }

  func report(initError error: ReportedError) {
    initError.withLock { $0 = error }
    queue.finishAll(isLast: false) { _ in .error(type: error.type, payload: error.payload) }
  }
}

/// A weak reference to the emulator for the server's handler.
private final class Entrance: @unchecked Sendable {
  // Set once, before the address is published.
  weak var emulator: RuntimeEmulator?
}

extension RuntimeAPICall {
  fileprivate init(method: String, _ parts: [String]) {
    guard parts.count >= 5, parts[1] == "2018-06-01", parts[2] == "runtime" else {
      self = .other
      return
    }
    switch (method, parts[3], parts.count, parts.last) {
    case ("GET", "invocation", 5, "next"): self = .next
    case ("POST", "init", 5, "error"): self = .initError
    case ("POST", "invocation", 6, "response"): self = .response(requestID: parts[4])
    case ("POST", "invocation", 6, "error"): self = .error(requestID: parts[4])
    default: self = .other
    }
  }
}
