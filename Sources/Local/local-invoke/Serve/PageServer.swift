import Foundation
import LoopbackServer
import Platform

/// A request of the page that cannot be answered.
struct PageError: Error {
  let status: Int
  /// A sentence.
  let message: String

  init(_ status: Int, _ message: String) {
    self.status = status
    self.message = message
  }
}

/// What a browser sees of `--serve`: the page at `/`, its files and its calls below `/_page/`. Every other request is
/// one to the function URL.
///
/// The files are the same for everyone. A call needs the token of this run, which only the printed address contains.
final class PageServer: Sendable {
  private static let prefix = "/_page/"

  let token: String
  private let assets: PageAssets
  private let session: InvocationSession
  private let api: PageAPI

  init(_ session: InvocationSession, _ api: PageAPI) throws {
    self.session = session
    self.api = api
    assets = try PageAssets()
    var random = SystemRandomNumberGenerator()
    token = (0..<2).map { _ in String(format: "%016llx", random.next()) }.joined()
  }

  /// The address for a browser. The part after # is not sent in requests.
  func address(_ baseURL: String) -> String { "\(baseURL)/#\(token)" }

  func respond(to request: ReceivedHTTPRequest, _ connection: LoopbackConnection) throws {
    let isRead = request.method == "GET" || request.method == "HEAD"
    if isRead, request.path == "/", (request.header("Accept") ?? "").contains("text/html") {
      _ = try assets.send("index.html", to: connection)
    } else if request.path.hasPrefix(Self.prefix) {
      let name = String(request.path.dropFirst(Self.prefix.count))
      if isRead, try assets.send(name, to: connection) { return }
      try call(name, request, connection)
    } else {
      try respondAsFunctionURL(request, connection)
    }
  }

  private func call(
    _ name: String, _ request: ReceivedHTTPRequest, _ connection: LoopbackConnection
  ) throws {
    do {
      guard isToken(request.header("X-Page-Token") ?? "") else {
        throw PageError(
          403,
          "The token is missing or belongs to another run. Open the address that local-invoke printed."
        )
      }
      guard let reply = try api.answer(name, request, connection) else { return }
      try connection.send(
        status: 200, headers: [("Content-Type", reply.type)] + PageAssets.headers, body: reply.body)
    } catch let error as PageError {
      try connection.send(
        status: error.status,
        headers: [("Content-Type", "text/plain; charset=utf-8")] + PageAssets.headers,
        body: Array("\(error.message)\n".utf8))
    }
  }

  /// Compares in constant time.
  private func isToken(_ text: String) -> Bool {
    text.utf8.count == token.utf8.count
      && zip(text.utf8, token.utf8).reduce(0) { $0 | ($1.0 ^ $1.1) } == 0
  }

  private func respondAsFunctionURL(
    _ request: ReceivedHTTPRequest, _ connection: LoopbackConnection
  ) throws {
    let event = FunctionURLEvent.event(of: request, region: session.services.region, time: Date())
    guard event.count <= Replay.maximumEventBytes else {
      return try connection.send(
        status: 413, headers: [("Content-Type", "text/plain; charset=utf-8")],
        body: Array("\(PageAPI.tooLarge(event.count))\n".utf8))
    }
    let record = session.invoke(event, by: .functionURL)
    let response = FunctionURLResponse(record.invocation.outcome)
    try connection.send(status: response.status, headers: response.headers, body: response.body)
  }
}
