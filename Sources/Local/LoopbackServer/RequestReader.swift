import Glibc

/// Why a request could not be read, and the status it is answered with.
enum RequestFailure: Error, Equatable {
  case malformed(String)
  case headTooLarge
  case bodyTooLarge
  case unsupportedEncoding
  /// The client closed the connection in the middle of a request, so no response is possible.
  case cutShort

  var status: Int {
    switch self {
    case .malformed, .cutShort: 400
    case .headTooLarge: 431
    case .bodyTooLarge: 413
    case .unsupportedEncoding: 501
    }
  }
}

/// Size limits of one request, in bytes.
struct RequestLimits: Sendable {
  var maximumHeaderBytes: Int
  var maximumBodyBytes: Int
}

/// Reads the requests of one connection in sequence, and keeps bytes received beyond each.
struct RequestReader {
  private let stream: any ByteStream
  private let limits: RequestLimits
  private var buffer = [UInt8](repeating: 0, count: 16_384)
  private var start = 0
  private var end = 0

  init(stream: any ByteStream, limits: RequestLimits) {
    self.stream = stream
    self.limits = limits
  }

  /// The next request, or nil when the client closed the connection between two requests.
  mutating func next() throws -> ReceivedHTTPRequest? {
    guard let head = try readHead() else { return nil }
    var request = head.request
    switch head.framing {
    case .none: break
    case .length(let count):
      if count > limits.maximumBodyBytes { throw RequestFailure.bodyTooLarge }
      if head.expectsContinue && end - start < count { try sendContinue() }
      request.body = try readExactly(count)
    case .chunked:
      if head.expectsContinue && end == start { try sendContinue() }
      request.body = try readChunkedBody()
    }
    return request
  }

  private func sendContinue() throws {
    try Array("HTTP/1.1 100 Continue\r\n\r\n".utf8).withUnsafeBytes { try stream.write($0) }
  }

  // MARK: Head

  private mutating func readHead() throws -> RequestHead? {
    // Empty lines before a request line are ignored, as RFC 9112, 2.2 requires.
    while true {
      if end - start < 2, try !fill() {
        if end == start { return nil }
        throw RequestFailure.cutShort
      }
      guard end - start >= 2 else { continue }
      guard buffer[start] == 0x0D && buffer[start + 1] == 0x0A else { break }
      start += 2
    }
    // The first byte of a TLS handshake, of https://: it has no end of a head, and the browser would wait for ever.
    guard buffer[start] != 0x16 else {
      throw RequestFailure.malformed("this server speaks http, not https")
    }
    var searched = start
    while true {
      if let close = position(of: [0x0D, 0x0A, 0x0D, 0x0A], from: searched) {
        let head = buffer[start..<close]
        if head.count > limits.maximumHeaderBytes { throw RequestFailure.headTooLarge }
        start = close + 4
        return try RequestHead(parsing: head)
      }
      if end - start > limits.maximumHeaderBytes { throw RequestFailure.headTooLarge }
      let known = max(0, end - start - 3)
      guard try fill() else { throw RequestFailure.cutShort }
      searched = start + known
    }
  }

  // MARK: Body

  private mutating func readExactly(_ count: Int) throws -> [UInt8] {
    // All empty arrays share one storage, to which the initializer below would write from every
    // thread.
    guard count > 0 else { return [] }
    let buffered = min(count, end - start)
    let stream = self.stream
    let from = start
    let body = try buffer.withUnsafeBytes { received in
      try [UInt8](unsafeUninitializedCapacity: count) { target, initialized in
        let bytes = UnsafeMutableRawBufferPointer(target)
        bytes.copyMemory(from: UnsafeRawBufferPointer(rebasing: received[from..<from + buffered]))
        initialized = buffered
        while initialized < count {
          let room = UnsafeMutableRawBufferPointer(rebasing: bytes[initialized..<count])
          let received = try stream.read(into: room)
          if received == 0 { throw RequestFailure.cutShort }
          initialized += received
        }
      }
    }
    start += buffered
    return body
  }

  private mutating func readChunkedBody() throws -> [UInt8] {
    var body: [UInt8] = []
    while true {
      let line = try readLine()
      let digits = line.prefix { $0 != UInt8(ascii: ";") && $0 != 0x20 && $0 != 0x09 }
      guard !digits.isEmpty, digits.count <= 15, let size = hexadecimal(digits) else {
        throw RequestFailure.malformed("a chunk size is not hexadecimal")
      }
      if size == 0 { break }
      if size > limits.maximumBodyBytes - body.count { throw RequestFailure.bodyTooLarge }
      body += try readExactly(size)
      guard try readLine().isEmpty else {
        throw RequestFailure.malformed("a chunk is longer than its size")
      }
    }
    var trailerBytes = 0
    while true {
      let trailer = try readLine()
      if trailer.isEmpty { return body }
      trailerBytes += trailer.count
      if trailerBytes > limits.maximumHeaderBytes { throw RequestFailure.headTooLarge }
    }
  }

  private mutating func readLine() throws -> ArraySlice<UInt8> {
    while true {
      if let close = position(of: [0x0D, 0x0A], from: start) {
        let line = buffer[start..<close]
        start = close + 2
        return line
      }
      if end - start > limits.maximumHeaderBytes { throw RequestFailure.headTooLarge }
      guard try fill() else { throw RequestFailure.cutShort }
    }
  }

  // MARK: Buffer

  /// Receives more bytes. False at the end of the stream.
  private mutating func fill() throws -> Bool {
    if start == end {
      start = 0
      end = 0
    } else if start > 0 && end == buffer.count {
      buffer.removeSubrange(0..<start)
      end -= start
      start = 0
      buffer += [UInt8](repeating: 0, count: 16_384)
    } else if end == buffer.count {
      buffer += [UInt8](repeating: 0, count: buffer.count)
    }
    let from = end
    let stream = self.stream
    let count = try buffer.withUnsafeMutableBytes { bytes in
      try stream.read(into: UnsafeMutableRawBufferPointer(rebasing: bytes[from...]))
    }
    end += count
    return count > 0
  }

  /// The first occurrence of a pattern that begins with CR in the received bytes. (memmem is hidden
  /// from Swift.)
  private func position(of needle: [UInt8], from: Int) -> Int? {
    buffer.withUnsafeBytes { bytes in
      guard let base = bytes.baseAddress else { return nil }
      var from = from
      while end - from >= needle.count, let found = memchr(base + from, 0x0D, end - from) {
        let at = UnsafeRawPointer(found) - base
        if end - at < needle.count { return nil }
        if memcmp(base + at, needle, needle.count) == 0 { return at }
        from = at + 1
      }
      return nil
    }
  }
}

/// The value of hexadecimal digits; nil when another byte is among them.
private func hexadecimal(_ digits: ArraySlice<UInt8>) -> Int? {
  var value = 0
  for digit in digits {
    switch digit {
    case 0x30...0x39: value = value * 16 + Int(digit - 0x30)
    case 0x41...0x46: value = value * 16 + Int(digit - 0x41 + 10)
    case 0x61...0x66: value = value * 16 + Int(digit - 0x61 + 10)
    default: return nil
    }
  }
  return value
}
