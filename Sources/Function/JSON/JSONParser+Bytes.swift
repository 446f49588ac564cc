extension JSONParser {
  /// The byte at `offset`, or nil at the end.
  @inline(__always) var peek: UInt8? {
    offset < input.count ? input[offset] : nil
  }

  @inline(__always) mutating func skipWhitespace() {
    while offset < input.count {
      switch input[offset] {
      case UInt8(ascii: " "), UInt8(ascii: "\n"), UInt8(ascii: "\r"), UInt8(ascii: "\t"):
        offset += 1
      default: return
      }
    }
  }

  /// Skips white space, and then this byte if it comes next. Returns whether it did.
  @inline(__always) mutating func skip(_ byte: UInt8) -> Bool {
    skipWhitespace()
    guard peek == byte else { return false }
    offset += 1
    return true
  }

  /// Reads these bytes.
  mutating func word(_ text: StaticString) throws(JSONError) {
    for character in text.description.utf8 {
      guard peek == character else { throw JSONError("\(text) is misspelled", at: offset) }
      offset += 1
    }
  }

  /// A byte for error messages: `'x'`, or `byte 0x1f` when it is not printable.
  static func name(_ byte: UInt8) -> String {
    if (0x20..<0x7F).contains(byte) { return "'\(Character(Unicode.Scalar(byte)))'" }
    let digits = String(byte, radix: 16)
    return "byte 0x\(digits.count == 1 ? "0" : "")\(digits)"
  }
}
