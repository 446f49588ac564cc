/// A request as received: nothing is decoded, normalized, or merged.
package struct ReceivedHTTPRequest: Sendable {
  /// As sent, for example `GET`.
  package var method: String
  /// The raw request target: path and query, never normalized.
  package var target: String
  /// In order, including repeated headers; values without surrounding white space.
  package var headers: [(name: String, value: String)]
  /// The body, with chunked encoding removed.
  package var body: [UInt8]
  /// Whether the client keeps the connection open after the response.
  package var keepsAlive: Bool

  /// A request from its parts, for tests that call a handler directly.
  package init(
    method: String, target: String, headers: [(name: String, value: String)] = [],
    body: [UInt8] = [], keepsAlive: Bool = true
  ) {
    self.method = method
    self.target = target
    self.headers = headers
    self.body = body
    self.keepsAlive = keepsAlive
  }

  /// The first value of a header; the name is compared without regard to ASCII case.
  package func header(_ name: String) -> String? {
    headers.first { equalsIgnoringCase($0.name, name) }?.value
  }

  /// All values of a header, in order.
  package func allHeaders(_ name: String) -> [String] {
    headers.filter { equalsIgnoringCase($0.name, name) }.map(\.value)
  }

  /// The raw target before the first `?`.
  package var path: String {
    String(Substring(target.utf8.prefix { $0 != UInt8(ascii: "?") }))
  }

  /// The raw target after the first `?`; empty without one.
  package var query: String {
    guard let mark = target.utf8.firstIndex(of: UInt8(ascii: "?")) else { return "" }
    return String(Substring(target.utf8[target.utf8.index(after: mark)...]))
  }
}

/// Compares header names and tokens without regard to ASCII case.
func equalsIgnoringCase(_ first: String, _ second: String) -> Bool {
  let left = first.utf8
  let right = second.utf8
  return left.count == right.count
    && zip(left, right).allSatisfy { lowercased($0) == lowercased($1) }
}

private func lowercased(_ byte: UInt8) -> UInt8 {
  byte >= 0x41 && byte <= 0x5A ? byte | 0x20 : byte
}
