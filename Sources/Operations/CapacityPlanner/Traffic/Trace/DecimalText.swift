/// Decimal numbers in bytes, exact to the microsecond.
enum DecimalText {
  /// A number times a million, rounded down: `12.5` is 12,500,000. Signs and exponents are understood; nil for
  /// anything else, and for what does not fit.
  static func millionths(_ text: UnsafeBufferPointer<UInt8>) -> Int64? {
    var at = 0
    var isNegative = false
    if let first = text.first, first == UInt8(ascii: "-") || first == UInt8(ascii: "+") {
      isNegative = first == UInt8(ascii: "-")
      at = 1
    }
    var value: Int64 = 0
    var digits = 0
    var decimals = -1
    while at < text.count {
      let byte = text[at]
      if byte == UInt8(ascii: "."), decimals < 0 {
        decimals = 0
      } else if isDigit(byte) {
        digits += 1
        if decimals < 6 {
          let (product, isTooMuch) = value.multipliedReportingOverflow(by: 10)
          guard !isTooMuch, product <= Int64.max - 9 else { return nil }
          value = product + Int64(byte - UInt8(ascii: "0"))
          if decimals >= 0 { decimals += 1 }
        }
      } else {
        return withExponent(text)
      }
      at += 1
    }
    guard digits > 0 else { return nil }
    for _ in max(0, decimals)..<6 {
      let (product, isTooMuch) = value.multipliedReportingOverflow(by: 10)
      guard !isTooMuch else { return nil }
      value = product
    }
    return isNegative ? -value : value
  }

  /// The rare `1.5e3`; nothing else that `Double` would take, such as `nan` or `0x10`.
  private static func withExponent(_ text: UnsafeBufferPointer<UInt8>) -> Int64? {
    let isPlain = text.allSatisfy { byte in
      isDigit(byte) || ".+-eE".utf8.contains(byte)
    }
    guard isPlain, let number = Double(String(decoding: text, as: UTF8.self)),
      abs(number) < 9e12
    else { return nil }
    return Int64((number * 1e6).rounded(.down))
  }

  static func isDigit(_ byte: UInt8) -> Bool {
    byte >= UInt8(ascii: "0") && byte <= UInt8(ascii: "9")
  }
}
