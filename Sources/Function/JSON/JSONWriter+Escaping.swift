extension [UInt8] {
  /// A JSON string of these bytes, which are UTF-8, in quotes.
  mutating func appendQuotedJSON(_ text: UnsafeBufferPointer<UInt8>) {
    reserve(text.count + 2)
    append(UInt8(ascii: "\""))
    unsafe appendEscaped(text)
    append(UInt8(ascii: "\""))
  }

  /// A JSON string of any bytes, in quotes; each part that is not UTF-8 becomes one U+FFFD.
  mutating func appendQuotedJSON(repairing text: UnsafeBufferPointer<UInt8>) {
    reserve(text.count + text.count / 8 + 2)
    append(UInt8(ascii: "\""))
    var rest = unsafe text
    while let invalid = unsafe firstInvalidUTF8(in: rest.span) {
      unsafe appendEscaped(UnsafeBufferPointer(rebasing: rest[..<invalid.lowerBound]))
      append(contentsOf: [0xEF, 0xBF, 0xBD])
      unsafe rest = unsafe UnsafeBufferPointer(rebasing: rest[invalid.upperBound...])
    }
    unsafe appendEscaped(rest)
    append(UInt8(ascii: "\""))
  }

  /// Room for `additional` bytes, at least doubling: `reserveCapacity` alone would copy for every
  /// string.
  private mutating func reserve(_ additional: Int) {
    if count + additional > capacity {
      reserveCapacity(Swift.max(count + additional, capacity * 2))
    }
  }

  /// Runs of bytes that need no escape are appended in one go.
  private mutating func appendEscaped(_ text: UnsafeBufferPointer<UInt8>) {
    var runStart = 0
    for unsafe(index, byte) in unsafe text.enumerated() {
      guard byte < 0x20 || byte == UInt8(ascii: "\"") || byte == UInt8(ascii: "\\") else {
        continue
      }
      unsafe append(contentsOf: UnsafeBufferPointer(rebasing: text[runStart..<index]))
      appendEscape(byte)
      runStart = index + 1
    }
    unsafe append(contentsOf: UnsafeBufferPointer(rebasing: text[runStart...]))
  }

  private mutating func appendEscape(_ byte: UInt8) {
    append(UInt8(ascii: "\\"))
    switch byte {
    case UInt8(ascii: "\""), UInt8(ascii: "\\"): append(byte)
    case 0x08: append(UInt8(ascii: "b"))
    case 0x09: append(UInt8(ascii: "t"))
    case 0x0A: append(UInt8(ascii: "n"))
    case 0x0C: append(UInt8(ascii: "f"))
    case 0x0D: append(UInt8(ascii: "r"))
    default:
      append(contentsOf: "u00".utf8)
      let digits = Array("0123456789abcdef".utf8)
      append(digits[Int(byte >> 4)])
      append(digits[Int(byte & 15)])
    }
  }
}
