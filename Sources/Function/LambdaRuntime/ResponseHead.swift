import Platform

/// The status and the header fields of a response, kept as received.
struct ResponseHead: Equatable, Sendable {
  private struct Field: Equatable {
    let name: Range<Int>
    let value: Range<Int>
  }

  /// How the end of the body is found: RFC 9112, section 6.3.
  enum Framing: Equatable {
    case length(Int)
    case chunked
    case endOfConnection
  }

  let status: Int
  private let isHTTP10: Bool
  private let bytes: [UInt8]
  private var fields: [Field] = []

  /// - Parameter bytes: all lines with their ends, the empty one last.
  /// - Returns: nil when the first one is not a status line of HTTP/1.0 or 1.1.
  init?(_ bytes: [UInt8]) {
    guard let (status, isHTTP10) = Self.statusLine(bytes) else { return nil }
    self.status = status
    self.isHTTP10 = isHTTP10
    self.bytes = bytes
    fields.reserveCapacity(16)
    unsafe bytes.withUnsafeBytes { unsafe index($0) }
  }

  var isSuccess: Bool { 200..<300 ~= status }

  /// `HTTP/1.1 200` and anything that a space separates from it.
  private static func statusLine(_ bytes: [UInt8]) -> (status: Int, isHTTP10: Bool)? {
    guard bytes.count > 12, bytes.starts(with: "HTTP/1.".utf8), 0x30...0x31 ~= bytes[7],
      bytes[8] == 0x20, [0x20, 0x0D, 0x0A].contains(bytes[12])
    else { return nil }
    var status = 0
    for digit in bytes[9..<12] {
      guard 0x30...0x39 ~= digit else { return nil }
      status = status * 10 + Int(digit - 0x30)
    }
    return status < 100 ? nil : (status, bytes[7] == 0x30)
  }

  /// Finds names and values. A line without a colon, or with a space where the name should be, is not a field.
  private mutating func index(_ bytes: UnsafeRawBufferPointer) {
    var start = 0
    while start < bytes.count {
      let line = unsafe UnsafeRawBufferPointer(rebasing: bytes[start...])
      let length = unsafe line.firstIndex(ofByte: 0x0A) ?? line.count
      if unsafe start > 0 && !Self.isSpace(line[0]),
        let colon = unsafe UnsafeRawBufferPointer(rebasing: line[..<length])
          .firstIndex(ofByte: 0x3A)
      {
        var (first, end) = (start + colon + 1, start + length)
        while unsafe first < end && Self.isSpace(bytes[first]) { first += 1 }
        while unsafe first < end && Self.isSpace(bytes[end - 1]) { end -= 1 }
        fields.append(Field(name: start..<start + colon, value: first..<end))
      }
      start += length + 1
    }
  }

  private static func isSpace(_ byte: UInt8) -> Bool {
    byte == 0x20 || byte == 0x09 || byte == 0x0D
  }

  /// The value of the first field of this name, which must be in lower case.
  subscript(name: StaticString) -> String? {
    for field in fields where isNamed(field, name) {
      return String(decoding: bytes[field.value], as: UTF8.self)
    }
    return nil
  }

  private func isNamed(_ field: Field, _ name: StaticString) -> Bool {
    let range = field.name
    guard range.count == name.utf8CodeUnitCount else { return false }
    for offset in 0..<range.count {
      let byte = bytes[range.lowerBound + offset]
      let lowercase = 0x41...0x5A ~= byte ? byte | 0x20 : byte
      if unsafe lowercase != name.utf8Start[offset] { return false }
    }
    return true
  }

  /// - Throws: `.malformedResponse` for a length that is not a number, for two different ones, and for a
  ///   transfer coding other than `chunked`.
  func framing() throws(RuntimeAPIError) -> Framing {
    if status == 204 || status == 304 { return .length(0) }
    if let coding = self["transfer-encoding"]?.lowercased() {
      guard coding == "chunked" else {
        throw RuntimeAPIError(.malformedResponse, "the transfer coding \(coding) is not supported")
      }
      return .chunked
    }
    var length: Int?
    for field in fields where isNamed(field, "content-length") {
      guard let value = number(in: field.value), length == nil || length == value else {
        throw RuntimeAPIError(.malformedResponse, "the Content-Length of the response is invalid")
      }
      length = value
    }
    return length.map { .length($0) } ?? .endOfConnection
  }

  private func number(in range: Range<Int>) -> Int? {
    guard 1...18 ~= range.count else { return nil }
    var value = 0
    for byte in bytes[range] {
      guard 0x30...0x39 ~= byte else { return nil }
      value = value * 10 + Int(byte - 0x30)
    }
    return value
  }

  /// Whether the server keeps the connection after the response.
  var keepsConnection: Bool {
    guard let options = self["connection"]?.lowercased() else { return !isHTTP10 }
    let words = options.utf8.split { $0 == 0x2C || $0 == 0x20 || $0 == 0x09 }
    if words.contains(where: { $0.elementsEqual("close".utf8) }) { return false }
    return !isHTTP10 || words.contains { $0.elementsEqual("keep-alive".utf8) }
  }
}
