import Foundation
import JSON
import TestSupport
import Testing

/// `local-invoke --serve` with the address of its page, for tests that are its clients.
final class ServedFunction {
  struct Response {
    let status: Int
    /// In lower case.
    let head: String
    let body: [UInt8]

    var text: String { String(decoding: body, as: UTF8.self) }
    var json: JSONValue { get throws { try JSONValue(parsing: body) } }
  }

  let run: CommandRun
  let port: UInt16
  let token: String

  init(
    _ arguments: String..., environment: [String: String] = [:], bootstrap: URL? = nil
  ) throws {
    run = try CommandRun(
      ["--serve", "0"] + arguments, environment: environment, bootstrap: bootstrap)
    let text = try #require(
      run.waitForError(containing: "Press Ctrl-C to stop"), "\(run.errorsSoFar)")
    let address = try #require(
      text.firstMatch(of: /Open http:\/\/127\.0\.0\.1:(\d+)\/#([0-9a-f]{32})\n/))
    port = try #require(UInt16(address.1))
    token = String(address.2)
  }

  deinit {
    run.process.terminate()
    run.process.waitUntilExit()
  }

  var host: String { "127.0.0.1:\(port)" }

  func send(
    _ method: String, _ target: String, _ headers: [(String, String)] = [], body: [UInt8] = [],
    host: String? = nil
  ) throws -> Response {
    let client = try RawClient(port: port)
    var head = "\(method) \(target) HTTP/1.1\r\nHost: \(host ?? self.host)\r\nConnection: close\r\n"
    for (name, value) in headers { head += "\(name): \(value)\r\n" }
    if !body.isEmpty { head += "Content-Length: \(body.count)\r\n" }
    try client.send(Array("\(head)\r\n".utf8) + body)
    var bytes: [UInt8] = []
    while case let more = try client.receive(), !more.isEmpty { bytes += more }
    let end = try #require(bytes.firstRange(of: Array("\r\n\r\n".utf8)))
    let received = String(decoding: bytes[..<end.lowerBound], as: UTF8.self)
    let status = try #require(received.split(separator: " ").dropFirst().first.flatMap { Int($0) })
    return Response(
      status: status, head: received.lowercased(), body: Array(bytes[end.upperBound...]))
  }

  /// A call of the page.
  func call(_ method: String, _ name: String, _ body: String = "") throws -> Response {
    try call(method, name, Array(body.utf8))
  }

  func call(_ method: String, _ name: String, _ body: [UInt8]) throws -> Response {
    try send(method, "/_page/\(name)", [("X-Page-Token", token)], body: body)
  }

  /// Lambda's Invoke, as the AWS CLI sends it.
  func invoke(
    _ event: String, _ headers: [(String, String)] = [], host: String? = nil
  ) throws -> Response {
    try send(
      "POST", "/2015-03-31/functions/function/invocations", headers, body: Array(event.utf8),
      host: host)
  }
}

/// The photograph `mixed-breed.jpg`.
func photograph() throws -> [UInt8] {
  Array(
    try Data(
      contentsOf: Repository.root.appendingPathComponent(
        "events/objects/dog-photos/uploads/mixed-breed.jpg")))
}
