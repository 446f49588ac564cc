import Platform

/// Validates URLs that are passed to the container, which fetches them.
///
/// In the container's network, loopback, private, and metadata addresses lead to other systems,
/// which a caller must not reach through it. Accepted is only a host that every parser reads alike: one that is
/// already written as the URL Standard would write it, and that is public. Names are not resolved here: the container
/// resolves them later, and its network decides what they can reach.
/// Source: https://url.spec.whatwg.org/#host-parsing
enum URLInput {
  /// Why a URL is refused; nil when it is allowed.
  static func problem(with url: String) -> String? {
    guard let authority = authority(of: url) else {
      return "is not an http or https URL with a host"
    }
    if authority.contains(UInt8(ascii: "@")) { return "contains a user name" }
    if authority.first == UInt8(ascii: "[") {
      guard let end = authority.firstIndex(of: UInt8(ascii: "]")),
        isPort(authority[(end + 1)...]),
        let address = IPv6Address(text: String(decoding: authority[1..<end], as: UTF8.self))
      else { return "has a malformed host" }
      return address.isPublic ? nil : "is not a public address"
    }
    let host = authority.prefix { $0 != UInt8(ascii: ":") }
    guard isPort(authority[host.endIndex...]) else { return "has a malformed port" }
    return problem(withHost: host)
  }

  /// In lower case.
  private static func authority(of url: String) -> [UInt8]? {
    let bytes = Array(url.lowercased().utf8)
    // URL parsers disagree about spaces, control characters, and backslashes.
    guard bytes.allSatisfy({ $0 > 0x20 && $0 != 0x7F && $0 != UInt8(ascii: "\\") }) else {
      return nil
    }
    for scheme in ["https://", "http://"] where bytes.starts(with: scheme.utf8) {
      let authority = bytes[scheme.utf8.count...].prefix {
        $0 != UInt8(ascii: "/") && $0 != UInt8(ascii: "?") && $0 != UInt8(ascii: "#")
      }
      return authority.isEmpty ? nil : Array(authority)
    }
    return nil
  }

  /// Whether what follows the host is empty, or a colon and nothing or a number below 65,536.
  private static func isPort(_ text: ArraySlice<UInt8>) -> Bool {
    guard let first = text.first else { return true }
    let digits = text.dropFirst()
    guard first == UInt8(ascii: ":"), digits.allSatisfy(isDigit) else { return false }
    return digits.isEmpty || UInt16(String(decoding: digits, as: UTF8.self)) != nil
  }

  private static func problem(withHost host: ArraySlice<UInt8>) -> String? {
    var labels = host.split(separator: UInt8(ascii: "."), omittingEmptySubsequences: false)
    // A dot at the end, which makes a name absolute.
    if labels.count > 1, labels.last?.isEmpty == true { labels.removeLast() }
    // Percent-encoding and letters outside ASCII may become digits and dots.
    guard labels.allSatisfy({ !$0.isEmpty && $0.allSatisfy(isNameByte) }), let last = labels.last
    else { return "has a malformed host" }
    if endsInNumber(last) {
      guard let address = Self.address(labels) else {
        return "has a host that programs read as different addresses, or as none"
      }
      return address.isPublic ? nil : "is not a public address"
    }
    let name = String(decoding: last, as: UTF8.self)
    // A name without a dot is one of the machine or of its network, such as localhost or ip6-localhost.
    if labels.count == 1 || privateDomains.contains(name)
      || labels.suffix(2).elementsEqual(["home", "arpa"], by: { $0.elementsEqual($1.utf8) })
    {
      return "is not a public name"
    }
    return nil
  }

  /// Top-level domains of private networks; `compute.internal` and `metadata.google.internal` among them.
  ///
  /// Sources: https://www.rfc-editor.org/rfc/rfc6761#section-6.3, https://www.rfc-editor.org/rfc/rfc6762#appendix-G,
  /// https://docs.aws.amazon.com/vpc/latest/userguide/AmazonDNS-concepts.html
  private static let privateDomains = [
    "localhost", "localdomain", "local", "internal", "intranet", "private", "corp", "home", "lan",
  ]

  /// Whether the URL Standard takes a host with this last label for an IPv4 address: digits, or a hexadecimal number.
  private static func endsInNumber(_ label: ArraySlice<UInt8>) -> Bool {
    if label.allSatisfy(isDigit) { return true }
    return label.starts(with: "0x".utf8)
      && label.dropFirst(2).allSatisfy { isDigit($0) || (0x61...0x66).contains($0) }
  }

  /// Lower-case letters, digits, hyphens, and underscores.
  private static func isNameByte(_ byte: UInt8) -> Bool {
    isDigit(byte) || (0x61...0x7A).contains(byte) || byte == UInt8(ascii: "-")
      || byte == UInt8(ascii: "_")
  }

  /// Four decimal numbers without leading zeros: `010` is eight to some programs and ten to others, and some know
  /// neither fewer numbers nor hexadecimal ones.
  private static func address(_ parts: [ArraySlice<UInt8>]) -> IPv4Address? {
    guard parts.count == 4 else { return nil }
    var value: UInt32 = 0
    for part in parts {
      guard part.allSatisfy(isDigit), part.count == 1 || part.first != UInt8(ascii: "0"),
        let number = UInt8(String(decoding: part, as: UTF8.self))
      else { return nil }
      value = value << 8 | UInt32(number)
    }
    return IPv4Address(value: value)
  }

  private static func isDigit(_ byte: UInt8) -> Bool { (0x30...0x39).contains(byte) }
}
