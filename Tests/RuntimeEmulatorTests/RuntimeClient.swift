import Foundation
import HTTPClient
import RuntimeEmulator
import TestSupport

/// A minimal runtime, for the emulator's view of a function.
final class RuntimeClient {
  private let client: HTTPClient
  private let base: String

  init(_ emulator: RuntimeEmulator) throws {
    client = try loopbackClient()
    base = "\(emulator.baseURL)/2018-06-01/runtime"
  }

  func next() throws -> HTTPResponse {
    try client.send(request("GET", "\(base)/invocation/next"))
  }

  @discardableResult
  func post(
    _ path: String, _ body: String = "{}", headers: [(String, String)] = []
  ) throws -> (status: Int, body: String) {
    let response = try client.send(
      request("POST", "\(base)/\(path)", headers: headers, body: Array(body.utf8)))
    return (response.status, String(decoding: response.body, as: UTF8.self))
  }

  /// Fetches one event and responds to it.
  func serve(_ answer: (String) -> String) throws {
    let event = try next()
    let id = event.headers["Lambda-Runtime-Aws-Request-Id"] ?? ""
    try post("invocation/\(id)/response", answer(String(decoding: event.body, as: UTF8.self)))
  }

  /// Runs `body` on a separate thread. The box receives its result, or stays empty when it throws.
  static func run<Value: Sendable>(
    _ emulator: RuntimeEmulator, _ body: @escaping @Sendable (RuntimeClient) throws -> Value
  ) -> Box<Value> {
    let result = Box<Value>()
    Thread { if let value = try? body(RuntimeClient(emulator)) { result.set(value) } }.start()
    return result
  }
}

/// Calls the emulator's Invoke.
func invokeOverHTTP(
  _ emulator: RuntimeEmulator, _ body: String, function: String = "function",
  headers: [(String, String)] = []
) throws -> HTTPResponse {
  try loopbackClient().send(
    request(
      "POST", "\(emulator.baseURL)/2015-03-31/functions/\(function)/invocations", headers: headers,
      body: Array(body.utf8)))
}

private func loopbackClient() throws -> HTTPClient {
  try HTTPClient(trust: TrustStore(primary: .amazonTrustServices), proxy: .direct)
}

private func request(
  _ method: String, _ url: String, headers: [(String, String)] = [], body: [UInt8] = []
) -> HTTPRequest {
  HTTPRequest(
    method: method, url: url, headers: headers.map { HTTPHeader($0.0, $0.1) }, body: body,
    timeoutMilliseconds: 30_000, maximumBodyBytes: 16 << 20)
}
