extension JSONParser {
  /// Reads a string; `offset` moves from its opening quote past its closing quote.
  mutating func string() throws(JSONError) -> String {
    let start = offset + 1
    let end = try plainRun(from: start)
    offset = end
    if input[end] == UInt8(ascii: "\"") {
      offset += 1
      // Without an escape the bytes are the string; this also validates UTF-8.
      if let text = input.text(start..<end) { return text }
      throw invalidUTF8(in: start..<end)
    }
    return try escapedString(start: start)
  }

  /// A string with an escape at `offset`, whose first byte is at `start`.
  private mutating func escapedString(start: Int) throws(JSONError) -> String {
    scratch.removeAll(keepingCapacity: true)
    var runStart = start
    while true {
      input.copy(runStart..<offset, to: &scratch)
      if input[offset] == UInt8(ascii: "\"") { break }
      try escape()
      runStart = offset
      offset = try plainRun(from: runStart)
    }
    offset += 1
    if let text = validText(scratch.span) { return text }
    // An escape is ASCII and represents a whole character, so the source itself must be invalid.
    throw invalidUTF8(in: start..<(offset - 1))
  }

  /// The index of the first quote or backslash at or after `index`.
  func plainRun(from index: Int) throws(JSONError) -> Int {
    var index = index
    while let word = input.word(at: index), word.stringStops == 0 { index += 8 }
    while index < input.count {
      let byte = input[index]
      if byte == UInt8(ascii: "\"") || byte == UInt8(ascii: "\\") { return index }
      if byte < 0x20 {
        throw JSONError("\(Self.name(byte)) in a string must be escaped", at: index)
      }
      index += 1
    }
    throw JSONError("a string is not terminated", at: index)
  }

  /// Appends the character of the escape at `offset` to `scratch`.
  private mutating func escape() throws(JSONError) {
    let start = offset
    guard start + 1 < input.count else {
      throw JSONError("a string is not terminated", at: input.count)
    }
    let letter = input[start + 1]
    offset = start + 2
    switch letter {
    case UInt8(ascii: "\""), UInt8(ascii: "\\"), UInt8(ascii: "/"): scratch.append(letter)
    case UInt8(ascii: "b"): scratch.append(0x08)
    case UInt8(ascii: "f"): scratch.append(0x0C)
    case UInt8(ascii: "n"): scratch.append(0x0A)
    case UInt8(ascii: "r"): scratch.append(0x0D)
    case UInt8(ascii: "t"): scratch.append(0x09)
    case UInt8(ascii: "u"):
      let scalar = try unicodeScalar(escapeStart: start)
      scratch.append(contentsOf: UTF8.encode(scalar) ?? UTF8.encodedReplacementCharacter)
    default: throw JSONError("\\\(Self.name(letter)) is not an escape", at: start)
    }
  }

  /// Reads the four digits after `\u`, or two such escapes that form a surrogate pair. `offset` is
  /// after the first `u`.
  private mutating func unicodeScalar(escapeStart: Int) throws(JSONError) -> Unicode.Scalar {
    let unit = try fourHexDigits()
    if let scalar = Unicode.Scalar(unit) { return scalar }
    let isHigh = unit < 0xDC00
    if isHigh, offset + 1 < input.count, input[offset] == UInt8(ascii: "\\"),
      input[offset + 1] == UInt8(ascii: "u")
    {
      offset += 2
      let low = try fourHexDigits()
      if (0xDC00...0xDFFF).contains(low) {
        let value = 0x10000 + ((unit - 0xD800) << 10) + (low - 0xDC00)
        if let scalar = Unicode.Scalar(value) { return scalar }
      }
    }
    throw JSONError("an escape is half of a surrogate pair", at: escapeStart)
  }

  private mutating func fourHexDigits() throws(JSONError) -> UInt32 {
    var value: UInt32 = 0
    for _ in 0..<4 {
      guard let byte = peek, let digit = Self.hexDigit(byte) else {
        throw JSONError("\\u needs four hexadecimal digits", at: offset)
      }
      value = value << 4 | digit
      offset += 1
    }
    return value
  }

  private static func hexDigit(_ byte: UInt8) -> UInt32? {
    switch byte {
    case UInt8(ascii: "0")...UInt8(ascii: "9"): UInt32(byte - UInt8(ascii: "0"))
    case UInt8(ascii: "a")...UInt8(ascii: "f"): UInt32(byte - UInt8(ascii: "a") + 10)
    case UInt8(ascii: "A")...UInt8(ascii: "F"): UInt32(byte - UInt8(ascii: "A") + 10)
    default: nil
    }
  }

  private func invalidUTF8(in range: Range<Int>) -> JSONError {
    JSONError("a string is not UTF-8", at: input.firstInvalidUTF8(in: range) ?? range.lowerBound)
  }
}
