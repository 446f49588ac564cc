/// The parsed request line and headers, and how the body that follows is framed (RFC 9112).
struct RequestHead {
  enum Framing: Equatable {
    case none
    case length(Int)
    case chunked
  }

  private(set) var request: ReceivedHTTPRequest
  private(set) var framing = Framing.none
  private(set) var expectsContinue = false

  /// Parses everything before the empty line, without that line.
  init(parsing head: ArraySlice<UInt8>) throws(RequestFailure) {
    var lines = Lines(head)
    guard let line = lines.next() else { throw .malformed("no request line") }
    let parts = line.split(separator: 0x20, omittingEmptySubsequences: false)
    guard parts.count == 3, Self.isToken(parts[0]) else {
      throw .malformed("the request line does not have three parts")
    }
    guard !parts[1].isEmpty, parts[1].allSatisfy({ $0 > 0x20 && $0 != 0x7F }) else {
      throw .malformed("the request target is empty or contains control characters")
    }
    let version = String(decoding: parts[2], as: UTF8.self)
    guard version == "HTTP/1.1" || version == "HTTP/1.0" else {
      throw .malformed("the version is not HTTP/1.x")
    }
    request = ReceivedHTTPRequest(
      method: String(decoding: parts[0], as: UTF8.self),
      target: String(decoding: parts[1], as: UTF8.self), keepsAlive: version == "HTTP/1.1")
    while let line = lines.next() {
      try add(line, isVersion11: version == "HTTP/1.1")
    }
  }

  private mutating func add(_ line: ArraySlice<UInt8>, isVersion11: Bool) throws(RequestFailure) {
    // A line without a colon, with white space before it, or a folded one: request smuggling starts
    // there.
    guard let colon = line.firstIndex(of: 0x3A), Self.isToken(line[..<colon]) else {
      throw .malformed("a header line does not have a valid name")
    }
    let value = line[(colon + 1)...].trimmingBlanks()
    guard value.allSatisfy({ $0 >= 0x20 && $0 != 0x7F || $0 == 0x09 }) else {
      throw .malformed("a header value contains a control character")
    }
    let name = String(decoding: line[..<colon], as: UTF8.self)
    let text = String(decoding: value, as: UTF8.self)
    request.headers.append((name: name, value: text))
    if equalsIgnoringCase(name, "content-length") {
      try setLength(value)
    } else if equalsIgnoringCase(name, "transfer-encoding") {
      guard framing == .none else { throw .malformed("both Content-Length and Transfer-Encoding") }
      guard equalsIgnoringCase(text, "chunked") else { throw .unsupportedEncoding }
      framing = .chunked
    } else if equalsIgnoringCase(name, "expect") {
      expectsContinue = isVersion11 && equalsIgnoringCase(text, "100-continue")
    } else if equalsIgnoringCase(name, "connection") {
      if equalsIgnoringCase(text, "close") { request.keepsAlive = false }
      if equalsIgnoringCase(text, "keep-alive") { request.keepsAlive = true }
    }
  }

  private mutating func setLength(_ digits: ArraySlice<UInt8>) throws(RequestFailure) {
    guard !digits.isEmpty, digits.count <= 18, digits.allSatisfy({ (0x30...0x39).contains($0) })
    else {
      throw .malformed("Content-Length is not a number")
    }
    let length = digits.reduce(0) { $0 * 10 + Int($1 - 0x30) }
    guard framing == .none || framing == .length(length) else {
      throw .malformed("Content-Length twice, or beside Transfer-Encoding")
    }
    framing = .length(length)
  }

  /// RFC 9110, 5.6.2: what a method or a header name may consist of.
  private static func isToken(_ bytes: ArraySlice<UInt8>) -> Bool {
    !bytes.isEmpty
      && bytes.allSatisfy { byte in
        switch byte {
        case 0x30...0x39, 0x41...0x5A, 0x61...0x7A: true
        case 0x21, 0x23...0x27, 0x2A, 0x2B, 0x2D, 0x2E, 0x5E...0x60, 0x7C, 0x7E: true
        default: false
        }
      }
  }
}

/// The lines of a head, ended by CR LF; a bare CR or LF stays inside and is refused by the parser.
private struct Lines {
  private var rest: ArraySlice<UInt8>?

  init(_ bytes: ArraySlice<UInt8>) {
    rest = bytes
  }

  mutating func next() -> ArraySlice<UInt8>? {
    guard let bytes = rest else { return nil }
    var from = bytes.startIndex
    while let end = bytes[from...].firstIndex(of: 0x0D) {
      if end + 1 < bytes.endIndex && bytes[end + 1] == 0x0A {
        rest = bytes[(end + 2)...]
        return bytes[..<end]
      }
      from = end + 1
    }
    rest = nil
    return bytes
  }
}

extension ArraySlice<UInt8> {
  /// Trims spaces and tabs at both ends.
  fileprivate func trimmingBlanks() -> ArraySlice<UInt8> {
    var slice = self
    while let first = slice.first, first == 0x20 || first == 0x09 { slice.removeFirst() }
    while let last = slice.last, last == 0x20 || last == 0x09 { slice.removeLast() }
    return slice
  }
}
