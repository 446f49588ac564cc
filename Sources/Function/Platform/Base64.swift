/// Why a text is not valid base64.
public struct Base64Error: Error, Equatable, Sendable {
  /// Completes a sentence, for example "its last character has unused bits set".
  public let reason: String
}

/// Base64 with padding (RFC 4648, section 4).
public enum Base64 {
  private static let alphabet = Array(
    "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/".utf8)
  private static let padding = UInt8(ascii: "=")

  /// The value of each byte of the alphabet, 0xFF for all others.
  private static let values = {
    var values = [UInt8](repeating: 0xFF, count: 256)
    for (value, byte) in alphabet.enumerated() { values[Int(byte)] = UInt8(value) }
    return values
  }()

  /// Encodes bytes as ASCII text.
  public static func encode(_ bytes: [UInt8]) -> [UInt8] {
    var text: [UInt8] = []
    text.reserveCapacity((bytes.count + 2) / 3 * 4)
    for start in stride(from: 0, to: bytes.count, by: 3) {
      let count = min(3, bytes.count - start)
      var bits = UInt32(0)
      for offset in 0..<3 {
        bits = bits << 8 | (offset < count ? UInt32(bytes[start + offset]) : 0)
      }
      for position in 0..<4 {
        let value = Int(bits >> UInt32(18 - 6 * position) & 0x3F)
        text.append(position <= count ? alphabet[value] : padding)
      }
    }
    return text
  }

  /// Decodes strictly: padded groups of four, the standard alphabet only (no line breaks, no
  /// URL-safe characters), and no unused bits set in the last character.
  ///
  /// - Throws: `Base64Error` with the reason.
  public static func decode(_ text: some Collection<UInt8>) throws(Base64Error) -> [UInt8] {
    let text = Array(text)
    guard text.count.isMultiple(of: 4) else {
      throw Base64Error(reason: "its \(text.count) characters are not a multiple of 4")
    }
    let values = values  // one load of the global instead of four a group
    var bytes = [UInt8](repeating: 0, count: text.count / 4 * 3)
    var end = 0
    for start in stride(from: 0, to: text.count - 4, by: 4) {
      let first = UInt32(values[Int(text[start])])
      let second = UInt32(values[Int(text[start + 1])])
      let third = UInt32(values[Int(text[start + 2])])
      let fourth = UInt32(values[Int(text[start + 3])])
      guard first | second | third | fourth < 64 else { throw notInAlphabet(text, from: start) }
      let bits = first << 18 | second << 12 | third << 6 | fourth
      bytes[end] = UInt8(truncatingIfNeeded: bits >> 16)
      bytes[end + 1] = UInt8(truncatingIfNeeded: bits >> 8)
      bytes[end + 2] = UInt8(truncatingIfNeeded: bits)
      end += 3
    }
    bytes.removeSubrange(end...)
    if !text.isEmpty { bytes += try lastGroup(text) }
    return bytes
  }

  /// Decodes the last four characters, the only ones that may contain padding.
  private static func lastGroup(_ text: [UInt8]) throws(Base64Error) -> [UInt8] {
    let start = text.count - 4
    let count = 4 - text.suffix(2).reversed().prefix { $0 == padding }.count
    var bits = UInt32(0)
    for offset in 0..<4 {
      let value = offset < count ? values[Int(text[start + offset])] : 0
      guard value < 64 else { throw notInAlphabet(text, from: start) }
      bits = bits << 6 | UInt32(value)
    }
    guard bits & (1 << UInt32(8 * (4 - count)) - 1) == 0 else {
      throw Base64Error(reason: "its last character has unused bits set")
    }
    return (0..<(count - 1)).map { UInt8(truncatingIfNeeded: bits >> UInt32(16 - 8 * $0)) }
  }

  private static func notInAlphabet(_ text: [UInt8], from start: Int) -> Base64Error {
    let index = text[start...].firstIndex { values[Int($0)] >= 64 } ?? start
    return Base64Error(reason: "character \(index) is not in the base64 alphabet")
  }
}
