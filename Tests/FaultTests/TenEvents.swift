import Foundation
import LoopbackServer
import TestSupport

/// A Runtime API with ten events, one of which can have a fault.
///
/// It serves the events one after the other; a `/next` after the tenth shows that the runtime has
/// processed all of them. The outcome of each event is recorded.
final class TenEvents: Sendable {
  /// A post about an event: its path, headers, and response status.
  struct Post: Sendable {
    let isError: Bool
    let invocationID: String?
    let errorType: String?
    let body: [UInt8]
    var status: Int?
  }

  private struct State {
    var due = 1
    var timesAsked = 0
    var delivered: Set<Int> = []
    var posts: [Int: [Post]] = [:]
    var connection: LoopbackConnection?
  }

  private let state = Locked(State())
  private let fault: Fault
  private let finished = Box<Void>()
  private let server: LoopbackServer
  var port: UInt16 { server.port }
  var address: String { "127.0.0.1:\(port)" }

  init(_ fault: Fault) throws {
    self.fault = fault
    let entrance = Entrance()
    server = try LoopbackServer { try entrance.handle($0, $1) }
    entrance.set { [weak self] in try self?.handle($0, $1) }
  }

  /// Stops the server, so that nothing listens on its port, and waits for its calls. True when all
  /// of them have returned, so that the record is complete.
  @discardableResult
  func stop() -> Bool { server.stop() }

  /// The same from within a call, for whose thread `stop` would wait.
  func stopInBackground() {
    Thread.detachNewThread { _ = self.stop() }
  }

  /// Whether the runtime requested an eleventh event within the limit.
  func isDone(timeoutSeconds: Double) -> Bool {
    finished.wait(timeoutSeconds: timeoutSeconds) != nil
  }

  /// All posts about an event, in order.
  func posts(about number: Int) -> [Post] { state.withLock { $0.posts[number] ?? [] } }

  /// Breaks the connection that was used last.
  func breakConnection(byReset: Bool) {
    let connection = state.withLock { $0.connection }
    byReset ? connection?.reset() : connection?.close()
  }

  /// Makes the next `/next` serve the following event.
  func skip() {
    state.withLock { state in
      state.delivered.insert(state.due)
      state.due += 1
      state.timesAsked = 0
    }
  }

  // MARK: Serving

  private func handle(_ request: ReceivedHTTPRequest, _ connection: LoopbackConnection) throws {
    state.withLock { $0.connection = connection }
    let parts = request.path.split(separator: "/").map(String.init)
    if parts.last == "next" { return try handleNext(connection) }
    guard parts.count == 5, let number = Int(parts[3].dropFirst("id-".count)) else {
      return try connection.send(status: 202)
    }
    let post = Post(
      isError: parts[4] == "error", invocationID: request.header("Lambda-Runtime-Invocation-Id"),
      errorType: request.header("Lambda-Runtime-Function-Error-Type"), body: request.body)
    let index = state.withLock { state in
      state.due = max(state.due, number + 1)
      state.timesAsked = 0
      state.posts[number, default: []].append(post)
      return state.posts[number, default: []].count - 1
    }
    let status = try fault.onPost(.init(number: number, time: index + 1, connection, self)) ?? 202
    // Before the client can see it: its next call, or its end, may end the run.
    state.withLock { $0.posts[number]?[index].status = status }
    if status > 0 { try connection.send(status: status, headers: fault.extraHeaders) }
    try fault.afterPost(.init(number: number, time: index + 1, connection, self))
  }

  private func handleNext(_ connection: LoopbackConnection) throws {
    let (number, time) = state.withLock { state in
      state.timesAsked += 1
      return (state.due, state.timesAsked)
    }
    guard number <= 10 else {
      finished.set(())
      _ = connection.waitUntilClientIsGone()
      return
    }
    let call = Call(number: number, time: time, connection, self)
    if try fault.onNext(call) { return }
    try deliver(call)
  }

  /// Sends the event as Lambda does, or with other headers.
  func deliver(_ call: Call, headers: [(String, String)]? = nil) throws {
    _ = state.withLock { $0.delivered.insert(call.number) }
    try call.connection.send(
      status: 200, headers: (headers ?? call.headers) + fault.extraHeaders,
      body: fault.event(call.number))
  }

  // MARK: Outcomes

  /// For example "1–2 answered, 3 refused with 403, 4–10 answered".
  var outcomes: String {
    let all = state.withLock { state in
      (1...10).map { number in
        Self.outcome(state.posts[number] ?? [], wasDelivered: state.delivered.contains(number))
      }
    }
    var groups: [(range: ClosedRange<Int>, text: String)] = []
    for (index, text) in all.enumerated() {
      if let last = groups.last, last.text == text {
        groups[groups.count - 1].range = last.range.lowerBound...index + 1
      } else {
        groups.append((index + 1...index + 1, text))
      }
    }
    return groups.map { group in
      let (first, last) = (group.range.lowerBound, group.range.upperBound)
      return (first == last ? "\(first) " : "\(first)–\(last) ") + group.text
    }.joined(separator: ", ")
  }

  private static func outcome(_ posts: [Post], wasDelivered: Bool) -> String {
    guard let last = posts.last else { return wasDelivered ? "lost" : "not sent" }
    let what = last.isError ? "error reported" : "answered"
    let times = posts.count == 1 ? "" : " at attempt \(posts.count)"
    switch last.status {
    case 202: return what + times
    case let status? where status > 0:
      return "\(last.isError ? "error" : "answer") refused with \(status)" + times
    default: return "\(last.isError ? "error" : "answer") not accepted, \(posts.count) attempts"
    }
  }
}

/// One call of the runtime, as passed to a fault.
struct Call: Sendable {
  /// The number of the event, from 1.
  let number: Int
  /// The number of the call for this event, from 1.
  let time: Int
  let connection: LoopbackConnection
  let server: TenEvents

  init(number: Int, time: Int, _ connection: LoopbackConnection, _ server: TenEvents) {
    (self.number, self.time, self.connection, self.server) = (number, time, connection, server)
  }

  /// All headers of Lambda for this event.
  var headers: [(String, String)] {
    [
      ("Content-Type", "application/json"), ("Lambda-Runtime-Aws-Request-Id", "id-\(number)"),
      ("Lambda-Runtime-Deadline-Ms", "33290000000000"),
      ("Lambda-Runtime-Invoked-Function-Arn", "arn:aws:lambda:us-east-1:123456789012:function:f"),
      ("Lambda-Runtime-Trace-Id", "Root=1-5759e988-bd862e3fe1be46a994272793;Sampled=0"),
      ("Lambda-Runtime-Invocation-Id", "invocation-\(number)"),
    ]
  }
}

/// A reference for the server's handler to its owner, which is created after the server.
private final class Entrance: Sendable {
  typealias Handler = @Sendable (ReceivedHTTPRequest, LoopbackConnection) throws -> Void
  private let handler = Locked<Handler>({ _, _ in })

  func set(_ handler: @escaping Handler) { self.handler.withLock { $0 = handler } }

  func handle(_ request: ReceivedHTTPRequest, _ connection: LoopbackConnection) throws {
    try handler.withLock { $0 }(request, connection)
  }
}
