/// The head of a request to the Runtime API.
struct RuntimeRequest {
  private(set) var bytes: [UInt8] = []

  /// - Throws: `.invalidRequest` for a path with anything but visible ASCII characters.
  init(_ method: StaticString, _ path: String, to address: RuntimeAddress) throws(RuntimeAPIError) {
    bytes.reserveCapacity(512)
    append(method)
    append(" ")
    let start = bytes.count
    bytes.append(contentsOf: path.utf8)
    guard bytes[start...].allSatisfy({ 0x21...0x7E ~= $0 }) else {
      throw RuntimeAPIError(.invalidRequest, "a request id contains a space or a special character")
    }
    append(" HTTP/1.1\r\nHost: ")
    bytes.append(contentsOf: address.text.utf8)
    append("\r\n")
  }

  /// - Throws: `.invalidRequest` for a value that would not stay on its line.
  mutating func add(_ name: StaticString, _ value: String) throws(RuntimeAPIError) {
    append(name)
    append(": ")
    let start = bytes.count
    bytes.append(contentsOf: value.utf8)
    guard bytes[start...].allSatisfy({ $0 != 0x0A && $0 != 0x0D && $0 != 0 }) else {
      throw RuntimeAPIError(
        .invalidRequest, "the header \(name) contains a line break or NUL character")
    }
    append("\r\n")
  }

  /// The end of the head of a request without a body.
  mutating func end() { append("\r\n") }

  /// The end of the head of a request with a body, maybe an empty one.
  mutating func end(bodyBytes: Int) {
    append("Content-Length: ")
    bytes.append(contentsOf: String(bodyBytes).utf8)
    append("\r\n\r\n")
  }

  private mutating func append(_ text: StaticString) {
    unsafe bytes.append(
      contentsOf: UnsafeBufferPointer(start: text.utf8Start, count: text.utf8CodeUnitCount))
  }
}
