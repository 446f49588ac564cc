import Foundation
import LoopbackServer
import TestSupport

/// A Runtime API with ten events, around one of which it may misbehave.
///
/// It hands out event after event as soon as it is asked, and a waiting `/next` after the tenth tells
/// that the runtime has come through. What happened to each event is recorded.
final class TenEvents: Sendable {
  /// One post about an event: where to, with which headers, and the status that it was answered with.
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

  /// Ends the server, so that nothing listens any more, and waits for its calls: the record is complete
  /// when they have all returned (true).
  @discardableResult
  func stop() -> Bool { server.stop() }

  /// The same from within a call, whose thread the end would wait for.
  func stopInBackground() {
    Thread.detachNewThread { _ = self.stop() }
  }

  /// Whether the runtime asked for an eleventh event within the limit.
  func isDone(timeoutSeconds: Double) -> Bool {
    finished.wait(timeoutSeconds: timeoutSeconds) != nil
  }

  /// All posts about an event, in the order in which they came.
  func posts(about number: Int) -> [Post] { state.withLock { $0.posts[number] ?? [] } }

  /// Breaks the connection that was used last, as between two calls.
  func breakConnection(byReset: Bool) {
    let connection = state.withLock { $0.connection }
    byReset ? connection?.reset() : connection?.close()
  }

  /// The next `/next` is about the event after this one.
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

  /// Hands the event over as Lambda does, or with other headers.
  func deliver(_ call: Call, headers: [(String, String)]? = nil) throws {
    _ = state.withLock { $0.delivered.insert(call.number) }
    try call.connection.send(
      status: 200, headers: (headers ?? call.headers) + fault.extraHeaders,
      body: fault.event(call.number))
  }

  // MARK: What became of the events

  /// As "1–2 answered, 3 refused with 403, 4–10 answered".
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
    let times = posts.count == 1 ? "" : " at try \(posts.count)"
    switch last.status {
    case 202: return what + times
    case let status? where status > 0:
      return "\(last.isError ? "error" : "answer") refused with \(status)" + times
    default: return "\(last.isError ? "error" : "answer") not taken, \(posts.count) tries"
    }
  }
}

/// One call of the runtime, as a fault sees it.
struct Call: Sendable {
  /// The event it is about, from 1.
  let number: Int
  /// Which call about this event, from 1.
  let time: Int
  let connection: LoopbackConnection
  let server: TenEvents

  init(number: Int, time: Int, _ connection: LoopbackConnection, _ server: TenEvents) {
    (self.number, self.time, self.connection, self.server) = (number, time, connection, server)
  }

  /// All headers that Lambda sends with this event.
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

/// Lets the server's handler reach its owner, which exists only after the server.
private final class Entrance: Sendable {
  typealias Handler = @Sendable (ReceivedHTTPRequest, LoopbackConnection) throws -> Void
  private let handler = Locked<Handler>({ _, _ in })

  func set(_ handler: @escaping Handler) { self.handler.withLock { $0 = handler } }

  func handle(_ request: ReceivedHTTPRequest, _ connection: LoopbackConnection) throws {
    try handler.withLock { $0 }(request, connection)
  }
}
