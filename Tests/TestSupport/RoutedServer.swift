import LoopbackServer

/// A server on loopback with a response per route, so that a test does not depend on the order of
/// reads:
///
///     ["GetAlias": …]             an operation in X-Amz-Target
///     ["GET /path?query": …]      a request with exactly this target
///     ["GET /path": …]            a request to this path with any query
///
/// Each route returns its responses in sequence and repeats the last one. A request without a route
/// returns `NoSuchRoute` and its name.
package final class RoutedServer: Sendable {
  private let server: LoopbackServer
  private typealias Record = [(route: String, request: ReceivedHTTPRequest)]
  private let record = Locked<Record>([])

  package init(_ routes: [String: [ScriptedServer.Answer]]) throws {
    let record = record
    server = try LoopbackServer { request, connection in
      let names = Self.names(of: request)
      let route = names.first { routes[$0] != nil } ?? names[0]
      // Atomic, so that two concurrent requests get two different responses of the route.
      let count = record.withLock { record in
        record.append((route, request))
        return record.count { $0.route == route }
      }
      guard let answers = routes[route], !answers.isEmpty else {
        let body = #"{"__type":"NoSuchRoute","Message":"\#(route)"}"#
        try connection.send(status: 400, body: Array(body.utf8))
        return
      }
      let answer = answers[min(count, answers.count) - 1]
      try connection.send(status: answer.status, headers: answer.headers, body: answer.body)
    }
  }

  private static func names(of request: ReceivedHTTPRequest) -> [String] {
    if let target = request.header("X-Amz-Target"), let dot = target.lastIndex(of: ".") {
      return [String(target[target.index(after: dot)...])]
    }
    return ["\(request.method) \(request.target)", "\(request.method) \(request.path)"]
  }

  /// The routes called so far, in order.
  package var calls: [String] { record.withLock { $0 }.map(\.route) }

  /// The bodies of the requests of a route, as text.
  package func bodies(_ route: String) -> [String] {
    record.withLock { $0 }.filter { $0.route == route }.map {
      String(decoding: $0.request.body, as: UTF8.self)
    }
  }
  /// `http://127.0.0.1:PORT`
  package var baseURL: String { server.baseURL }

  deinit { server.stop() }
}
