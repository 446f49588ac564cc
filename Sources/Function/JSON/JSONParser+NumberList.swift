extension JSONValue {
  /// The numbers of a text that is `[…]` or `[[…]]` and holds nothing else, without a value for each in between.
  ///
  /// A number beyond the range of doubles is an infinity, as in `JSONNumber.doubleValue`.
  ///
  /// - Returns: nil for every other text, an empty list and one that is no JSON among them: what it is,
  ///   `init(parsing:)` tells.
  public static func numbers(in bytes: [UInt8]) -> [Double]? {
    unsafe bytes.withUnsafeBufferPointer { buffer in
      var parser = JSONParser(unsafe InputBytes(buffer), maximumDepth: 2)
      return parser.numberList()
    }
  }
}

extension JSONParser {
  /// The whole text as a list of numbers, or as one list of them in another; nil when it is something else.
  fileprivate mutating func numberList() -> [Double]? {
    guard skip(UInt8(ascii: "[")) else { return nil }
    let isNested = skip(UInt8(ascii: "["))
    var numbers: [Double] = []
    repeat {
      skipWhitespace()
      guard peek != nil, let number = try? number() else { return nil }
      numbers.append(number.doubleValue)
    } while skip(UInt8(ascii: ","))
    guard skip(UInt8(ascii: "]")), !isNested || skip(UInt8(ascii: "]")) else { return nil }
    skipWhitespace()
    return offset == input.count ? numbers : nil
  }

  /// Whether this byte comes next, after white space; then it is behind.
  private mutating func skip(_ byte: UInt8) -> Bool {
    skipWhitespace()
    guard peek == byte else { return false }
    offset += 1
    return true
  }
}
