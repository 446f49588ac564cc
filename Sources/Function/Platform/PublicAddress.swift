import Glibc

/// An IPv4 address.
public struct IPv4Address: Sendable {
  private let value: UInt32

  /// - Parameter value: in the byte order of the host.
  public init(value: UInt32) { self.value = value }

  /// Outside the special ranges of https://www.iana.org/assignments/iana-ipv4-special-registry
  public var isPublic: Bool {
    let special: [(prefix: UInt32, bits: UInt32)] = [
      (0x0000_0000, 8), (0x0A00_0000, 8), (0x6440_0000, 10), (0x7F00_0000, 8),
      (0xA9FE_0000, 16), (0xAC10_0000, 12), (0xC000_0000, 24), (0xC000_0200, 24),
      (0xC058_6300, 24), (0xC0A8_0000, 16), (0xC612_0000, 15), (0xC633_6400, 24),
      (0xCB00_7100, 24), (0xE000_0000, 3),
    ]
    return !special.contains { value >> (32 - $0.bits) == $0.prefix >> (32 - $0.bits) }
  }
}

/// An IPv6 address, which may embed an IPv4 address.
public struct IPv6Address: Sendable {
  private let bytes: [UInt8]

  /// - Parameter bytes: 16, in network order.
  public init?(bytes: [UInt8]) {
    guard bytes.count == 16 else { return nil }
    self.bytes = bytes
  }

  /// Nil for text that is not an address.
  public init?(text: String) {
    var address = in6_addr()
    guard unsafe inet_pton(AF_INET6, text, &address) == 1 else { return nil }
    bytes = unsafe withUnsafeBytes(of: &address) { unsafe Array($0) }
  }

  /// Global unicast (2000::/3) outside the special ranges, and not an embedded IPv4 address that is not public: mapped
  /// (`::ffff:a.b.c.d`), NAT64 (`64:ff9b::a.b.c.d`), 6to4 (`2002:a.b:c.d::`).
  /// Source: https://www.iana.org/assignments/iana-ipv6-special-registry
  public var isPublic: Bool {
    let mapped: [UInt8] = Array(repeating: 0, count: 10) + [0xFF, 0xFF]
    let nat64: [UInt8] = [0, 0x64, 0xFF, 0x9B] + Array(repeating: 0, count: 8)
    if bytes.starts(with: mapped) || bytes.starts(with: nat64) {
      return embedded(at: 12).isPublic
    }
    if bytes.starts(with: [0x20, 0x02]) { return embedded(at: 2).isPublic }
    // Protocol assignments (2001::/23, with Teredo, which tunnels to other addresses) and documentation
    // (2001:db8::/32, 3fff::/20).
    if bytes.starts(with: [0x20, 0x01]), bytes[2] < 2 || bytes[2...].starts(with: [0x0D, 0xB8]) {
      return false
    }
    if bytes.starts(with: [0x3F, 0xFF]), bytes[2] < 0x10 { return false }
    return bytes[0] >> 5 == 1
  }

  private func embedded(at index: Int) -> IPv4Address {
    IPv4Address(value: bytes[index..<index + 4].reduce(0) { $0 << 8 | UInt32($1) })
  }
}
