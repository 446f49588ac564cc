/// Why a text is not base64.
struct Base64Error: Error, Equatable {
  let reason: String
}

/// Base64 with padding (RFC 4648, section 4).
enum Base64 {
  private static let alphabet = Array(
    "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/".utf8)
  private static let padding = UInt8(ascii: "=")

  /// The value of each byte of the alphabet, 0xFF for all others.
  private static let values = {
    var values = [UInt8](repeating: 0xFF, count: 256)
    for (value, byte) in alphabet.enumerated() { values[Int(byte)] = UInt8(value) }
    return values
  }()

  static func encode(_ bytes: [UInt8]) -> [UInt8] {
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

  /// The bytes of a text, strictly: whole groups of four, padded, nothing beside the alphabet (no
  /// line breaks, not the URL-safe alphabet), and no bits set that stand for nothing.
  static func decode(_ text: some Collection<UInt8>) throws(Base64Error) -> [UInt8] {
    let text = Array(text)
    guard text.count.isMultiple(of: 4) else {
      throw Base64Error(reason: "its \(text.count) characters are no multiple of 4")
    }
    let paddingCount = text.suffix(2).reversed().prefix { $0 == padding }.count
    var bytes: [UInt8] = []
    bytes.reserveCapacity(text.count / 4 * 3)
    for start in stride(from: 0, to: text.count, by: 4) {
      let isLast = start + 4 == text.count
      let count = isLast ? 4 - paddingCount : 4
      var bits = UInt32(0)
      for offset in 0..<4 {
        let value = offset < count ? values[Int(text[start + offset])] : 0
        guard value < 64 else {
          throw Base64Error(reason: "character \(start + offset) is not of its alphabet")
        }
        bits = bits << 6 | UInt32(value)
      }
      for position in 0..<(count - 1) {
        bytes.append(UInt8(truncatingIfNeeded: bits >> UInt32(16 - 8 * position)))
      }
      let unused = bits & (1 << UInt32(8 * (4 - count)) - 1)
      guard unused == 0 else { throw Base64Error(reason: "its last character has unused bits set") }
    }
    return bytes
  }
}
