import Foundation
import JSON
import LoopbackServer

let json = [("Content-Type", "application/json")]
private let accepted = Array("{\"status\":\"OK\"}\n".utf8)

/// The four calls of a runtime. The connection is nil when a hook has already responded.
extension RuntimeEmulator {
  func handleNext(_ request: ReceivedHTTPRequest, _ connection: LoopbackConnection) throws {
    let runtime = try WaitingNext()
    guard queue.register(runtime) else {
      return try connection.send(
        status: 403, headers: json,
        body: runtimeErrorJSON(
          type: "InvalidStateTransition", "The invocation before this one has not been answered"))
    }
    let isHere = connection.wait(for: runtime.wakeUp)
    guard let invocation = queue.withdraw(runtime) else { return }
    do {
      guard isHere, try deliver(invocation, request, connection) else {
        return queue.putBack(invocation)
      }
      queue.markDelivered(invocation)
    } catch {
      queue.putBack(invocation)
      throw error
    }
  }

  /// False when the hook returns the event to the queue.
  private func deliver(
    _ invocation: PendingInvocation, _ request: ReceivedHTTPRequest,
    _ connection: LoopbackConnection
  ) throws -> Bool {
    let invocationID = freshUUID()
    let deadline = Date(timeIntervalSinceNow: Double(configuration.timeoutMilliseconds) / 1000)
    let headers = headers(for: invocation.request, invocationID, deadline)
    invocation.deliver(invocationID: invocationID, deadline: deadline)
    if let hook = configuration.hook {
      let delivery = RuntimeAPICall.Delivery(
        requestID: invocation.request.requestID,
        headers: headers.map { RuntimeAPICall.Header(name: $0.0, value: $0.1) },
        event: invocation.request.event)
      switch try hook(.delivery(delivery), request, connection) {
      case .proceed: break
      case .answered: return true
      case .ignored: return false
      }
    }
    try connection.send(status: 200, headers: headers, body: invocation.request.event)
    return true
  }

  private func headers(
    for invocation: InvocationRequest, _ invocationID: String, _ deadline: Date
  ) -> [(String, String)] {
    var headers = [
      ("Content-Type", "application/json"),
      ("Lambda-Runtime-Aws-Request-Id", invocation.requestID),
      ("Lambda-Runtime-Deadline-Ms", String(Int64(deadline.timeIntervalSince1970 * 1000))),
      ("Lambda-Runtime-Invoked-Function-Arn", invocation.functionARN ?? configuration.functionARN),
      ("Lambda-Runtime-Trace-Id", invocation.traceID ?? freshTraceID()),
    ]
    if configuration.sendsInvocationID {
      headers.append(("Lambda-Runtime-Invocation-Id", invocationID))
    }
    let optional = [
      ("Lambda-Runtime-Client-Context", invocation.clientContext),
      ("Lambda-Runtime-Cognito-Identity", invocation.cognitoIdentity),
      ("Lambda-Runtime-Aws-Tenant-Id", invocation.tenantID),
    ]
    for (name, value) in optional {
      if let value { headers.append((name, value)) }
    }
    return headers
  }

  func handleResponse(
    _ requestID: String, _ request: ReceivedHTTPRequest, _ connection: LoopbackConnection?
  ) throws {
    guard try isCurrent(requestID, request, connection) else { return }
    let limit = configuration.maximumPayloadBytes
    guard request.body.count <= limit else {
      let text = "xceeded maximum allowed payload size (\(limit) bytes)."
      let type = "Function.ResponseSizeTooLarge"
      let payload = runtimeErrorJSON(type: type, "Response payload size e" + text)
      _ = queue.finish(requestID, .error(type: type, payload: payload))
      try connection?.send(
        status: 413, headers: json,
        body: runtimeErrorJSON(type: "RequestEntityTooLarge", "E" + text))
      return
    }
    _ = queue.finish(requestID, .success(request.body))
    try connection?.send(status: 202, headers: json, body: accepted)
  }

  func handleError(
    _ requestID: String, _ request: ReceivedHTTPRequest, _ connection: LoopbackConnection?
  ) throws {
    guard try isCurrent(requestID, request, connection) else { return }
    let error = ReportedError(request)
    _ = queue.finish(requestID, .error(type: error.type, payload: error.payload))
    try connection?.send(status: 202, headers: json, body: accepted)
  }

  func handleInitError(_ request: ReceivedHTTPRequest, _ connection: LoopbackConnection?) throws {
    report(initError: ReportedError(request))
    try connection?.send(status: 202, headers: json, body: accepted)
  }

  /// Whether the response belongs to an invocation in flight; otherwise sends an error to the
  /// runtime.
  private func isCurrent(
    _ requestID: String, _ request: ReceivedHTTPRequest, _ connection: LoopbackConnection?
  ) throws -> Bool {
    switch queue.claim(requestID) {
    case .current(let invocation)
    where invocation.accepts(invocationID: request.header("Lambda-Runtime-Invocation-Id")):
      return true
    case .current, .expired:
      try connection?.send(
        status: 410, headers: json, body: runtimeErrorJSON(type: "InvokeTimeout", "Invoke timeout"))
    case .unknown:
      try connection?.send(
        status: 403, headers: json,
        body: runtimeErrorJSON(type: "InvalidRequestID", "Invalid request ID"))
    }
    return false
  }
}

extension ReportedError {
  fileprivate init(_ request: ReceivedHTTPRequest) {
    let named = request.header("Lambda-Runtime-Function-Error-Type")
    let body = try? JSONValue(parsing: request.body)
    self.init(type: named ?? body?["errorType"]?.stringValue ?? "Unhandled", payload: request.body)
  }
}
