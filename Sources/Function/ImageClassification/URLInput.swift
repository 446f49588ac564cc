import Glibc
import Platform

/// Validates URLs that are passed to the container, which fetches them.
///
/// In the container's network, loopback, private, and metadata addresses lead to other systems,
/// which a caller must not reach through it. Names are not resolved here: the container resolves
/// them later, and its network decides what they can reach.
enum URLInput {
  /// Why a URL is refused; nil when it is allowed.
  static func problem(with url: String) -> String? {
    guard let authority = authority(of: url) else {
      return "is not an http or https URL with a host"
    }
    if authority.contains("@") { return "contains a user name" }
    guard let host = host(in: authority) else { return "has a malformed host" }
    let name = host.hasSuffix(".") ? String(host.dropLast()) : host
    if name == "localhost" || name.hasSuffix(".localhost") { return "refers to this machine" }
    if let address = IPv4.parse(name) {
      return IPv4.isPublic(address) ? nil : "is not a public address"
    }
    if name.contains(":") {
      guard let address = IPv6.parse(name) else { return "has a malformed host" }
      return IPv6.isPublic(address) ? nil : "is not a public address"
    }
    return nil
  }

  private static func authority(of url: String) -> String? {
    let bytes = Array(url.utf8)
    // URL parsers disagree about spaces, control characters, and backslashes.
    guard bytes.allSatisfy({ $0 > 0x20 && $0 != 0x7F && $0 != UInt8(ascii: "\\") }) else {
      return nil
    }
    let lower = url.lowercased()
    guard let prefix = ["https://", "http://"].first(where: { lower.hasPrefix($0) }) else {
      return nil
    }
    let rest = lower.utf8.dropFirst(prefix.utf8.count)
    let authority = rest.prefix {
      $0 != UInt8(ascii: "/") && $0 != UInt8(ascii: "?") && $0 != UInt8(ascii: "#")
    }
    return authority.isEmpty ? nil : String(decoding: authority, as: UTF8.self)
  }

  /// The host without its port and the brackets of an IPv6 address.
  private static func host(in authority: String) -> String? {
    if authority.hasPrefix("[") {
      guard let end = authority.firstIndex(of: "]") else { return nil }
      let address = authority[authority.index(after: authority.startIndex)..<end]
      return address.contains(":") ? String(address) : nil
    }
    let host = authority.prefix { $0 != ":" }
    // Percent-encoding and letters outside ASCII may be normalized to digits and dots.
    guard !host.isEmpty, host.utf8.allSatisfy({ $0 < 0x80 && $0 != UInt8(ascii: "%") }) else {
      return nil
    }
    return String(host)
  }
}

/// IPv4 addresses in every form that the C library's `inet_aton` accepts.
private enum IPv4 {
  /// One to four parts, each decimal, octal (`0177`), or hexadecimal (`0x7f`); the last one fills
  /// the remaining bytes. Nil when the text is a name.
  static func parse(_ text: String) -> UInt32? {
    let parts = text.split(separator: ".", omittingEmptySubsequences: false)
    guard (1...4).contains(parts.count) else { return nil }
    var numbers: [UInt64] = []
    for part in parts {
      guard let number = number(part) else { return nil }
      numbers.append(number)
    }
    var address: UInt64 = 0
    for number in numbers.dropLast() {
      guard number <= 0xFF else { return nil }
      address = address << 8 | number
    }
    let freeBits = UInt64(8 * (5 - parts.count))
    guard let last = numbers.last, last < 1 << freeBits else { return nil }
    return UInt32(truncatingIfNeeded: address << freeBits | last)
  }

  private static func number(_ text: Substring) -> UInt64? {
    if text.hasPrefix("0x") { return UInt64(text.dropFirst(2), radix: 16) }
    if text.hasPrefix("0") && text.utf8.count > 1 { return UInt64(text, radix: 8) }
    return text.utf8.allSatisfy { (0x30...0x39).contains($0) } ? UInt64(text) : nil
  }

  /// Outside the special ranges of https://www.iana.org/assignments/iana-ipv4-special-registry
  static func isPublic(_ address: UInt32) -> Bool {
    let special: [(prefix: UInt32, bits: UInt32)] = [
      (0x0000_0000, 8), (0x0A00_0000, 8), (0x6440_0000, 10), (0x7F00_0000, 8),
      (0xA9FE_0000, 16), (0xAC10_0000, 12), (0xC000_0000, 24), (0xC000_0200, 24),
      (0xC0A8_0000, 16), (0xC612_0000, 15), (0xC633_6400, 24), (0xCB00_7100, 24),
      (0xE000_0000, 3),
    ]
    return !special.contains { address >> (32 - $0.bits) == $0.prefix >> (32 - $0.bits) }
  }
}

/// IPv6 addresses, including embedded IPv4 addresses.
private enum IPv6 {
  static func parse(_ text: String) -> [UInt8]? {
    var address = in6_addr()
    guard unsafe inet_pton(AF_INET6, text, &address) == 1 else { return nil }
    return unsafe withUnsafeBytes(of: &address) { unsafe Array($0) }
  }

  /// Global unicast (2000::/3), and not an embedded IPv4 address that is not public: mapped
  /// (`::ffff:a.b.c.d`), NAT64 (`64:ff9b::a.b.c.d`), 6to4 (`2002:a.b:c.d::`).
  static func isPublic(_ address: [UInt8]) -> Bool {
    func embedded(at index: Int) -> UInt32 {
      address[index..<index + 4].reduce(0) { $0 << 8 | UInt32($1) }
    }
    let mapped: [UInt8] = Array(repeating: 0, count: 10) + [0xFF, 0xFF]
    let nat64: [UInt8] = [0, 0x64, 0xFF, 0x9B] + Array(repeating: 0, count: 8)
    if address.starts(with: mapped) || address.starts(with: nat64) {
      return IPv4.isPublic(embedded(at: 12))
    }
    if address.starts(with: [0x20, 0x02]) { return IPv4.isPublic(embedded(at: 2)) }
    // Documentation (2001:db8::/32) and Teredo (2001::/32), which tunnels to other addresses.
    if address.starts(with: [0x20, 0x01, 0x0D, 0xB8]) || address.starts(with: [0x20, 0x01, 0, 0]) {
      return false
    }
    return address[0] >> 5 == 1
  }
}
