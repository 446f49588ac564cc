import Glibc

/// `HOST:PORT` of the Runtime API: a link-local IPv4 address on Lambda, elsewhere also a name, or an IPv6 address in
/// brackets. Without a port, it is 80.
@safe struct RuntimeAddress: Sendable {
  /// As given, for the field `Host`.
  let text: String
  private let host: String
  private let port: UInt16

  /// - Throws: `.invalidRequest`.
  init(_ text: String) throws(RuntimeAPIError) {
    self.text = text
    let colon = text.utf8.lastIndex(of: 0x3A)
    let bracket = text.utf8.lastIndex(of: 0x5D)
    var name = text[...]
    var number: Substring = "80"
    if let colon, bracket.map({ $0 < colon }) ?? true {
      name = text[..<colon]
      number = text[text.utf8.index(after: colon)...]
    }
    if bracket != nil, name.utf8.first == 0x5B, name.utf8.last == 0x5D {
      name = name.dropFirst().dropLast()
    }
    let isPlain = name.utf8.allSatisfy { byte in
      0x21...0x7E ~= byte && ![0x2F, 0x3F, 0x23, 0x40, 0x5B, 0x5C, 0x5D].contains(byte)
    }
    guard isPlain, !name.isEmpty, number.utf8.allSatisfy({ 0x30...0x39 ~= $0 }),
      let port = UInt16(number), port > 0
    else {
      throw RuntimeAPIError(
        .invalidRequest, "AWS_LAMBDA_RUNTIME_API must have the form HOST:PORT")
    }
    host = String(name)
    self.port = port
  }

  /// Calls `body` with each address of the host until it returns a value.
  ///
  /// - Throws: `.nameResolution`, or the last error of `body`.
  func first<Value>(
    _ body: (UnsafePointer<sockaddr>, socklen_t) throws(RuntimeAPIError) -> Value
  ) throws(RuntimeAPIError) -> Value {
    var address = sockaddr_in()
    address.sin_family = sa_family_t(AF_INET)
    address.sin_port = port.bigEndian
    if unsafe inet_pton(AF_INET, host, &address.sin_addr) == 1 {
      return try unsafe Self.withSocketAddress(&address, body)
    }
    return try unsafe resolved(body)
  }

  private static func withSocketAddress<Value>(
    _ address: UnsafePointer<sockaddr_in>,
    _ body: (UnsafePointer<sockaddr>, socklen_t) throws(RuntimeAPIError) -> Value
  ) throws(RuntimeAPIError) -> Value {
    try unsafe body(
      UnsafeRawPointer(address).assumingMemoryBound(to: sockaddr.self),
      socklen_t(MemoryLayout<sockaddr_in>.size))
  }

  private func resolved<Value>(
    _ body: (UnsafePointer<sockaddr>, socklen_t) throws(RuntimeAPIError) -> Value
  ) throws(RuntimeAPIError) -> Value {
    var hints = unsafe addrinfo()
    unsafe hints.ai_socktype = Int32(SOCK_STREAM.rawValue)
    var found: UnsafeMutablePointer<addrinfo>?
    let code = unsafe getaddrinfo(host, String(port), &hints, &found)
    defer { if let found = unsafe found { unsafe freeaddrinfo(found) } }
    var failure = RuntimeAPIError(
      .nameResolution, "\(host) has no address: \(unsafe String(cString: gai_strerror(code)))")
    var next = unsafe code == 0 ? found : nil
    while let entry = unsafe next {
      unsafe next = entry.pointee.ai_next
      guard let address = unsafe entry.pointee.ai_addr else { continue }
      do throws(RuntimeAPIError) {
        return try unsafe body(address, entry.pointee.ai_addrlen)
      } catch {
        failure = error
      }
    }
    throw failure
  }
}
