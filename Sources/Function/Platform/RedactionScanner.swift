/// Reads a text character by character, each as what it stands for.
struct RedactionScanner {
  let text: [UInt8]

  /// The byte that is written at an index, in whatever escape, and the index behind it; nil at the end.
  func unit(at index: Int) -> (byte: UInt8, next: Int)? {
    guard index < text.count else { return nil }
    let byte = text[index]
    switch byte {
    case UInt8(ascii: "%"): return percentEncoded(index) ?? (byte, index + 1)
    case UInt8(ascii: "\\"): return escaped(index) ?? (byte, index + 1)
    case UInt8(ascii: "&"): return entity(index) ?? (byte, index + 1)
    default: return (byte, index + 1)
    }
  }

  /// How many bytes of a value stand at an index, and where they end.
  func match(_ value: [UInt8], at index: Int, ignoresCase: Bool) -> (count: Int, end: Int) {
    var (count, position) = (0, index)
    while count < value.count, let unit = unit(at: position) {
      let byte =
        ignoresCase && (0x41...0x5A).contains(unit.byte) ? unit.byte | 0x20 : unit.byte
      // A decoder of forms reads a plus sign as a space.
      guard byte == value[count] || (byte == 0x20 && value[count] == UInt8(ascii: "+")) else {
        break
      }
      count += 1
      position = unit.next
    }
    return (count, position)
  }

  /// The end of an access key id whose first four characters end at an index.
  func endOfKeyID(from index: Int) -> Int? {
    var position = index
    for _ in 0..<16 {
      guard let unit = unit(at: position),
        (0x30...0x39).contains(unit.byte) || (0x41...0x5A).contains(unit.byte)
      else { return nil }
      position = unit.next
    }
    return position
  }

  /// The range of the user and password in a URL whose `://` begins at an index; the last `@` ends it.
  func userInfo(from index: Int) -> Range<Int>? {
    let separator = Array("://".utf8)
    let (count, start) = match(separator, at: index, ignoresCase: false)
    guard count == separator.count else { return nil }
    var position = start
    var end: Int?
    while let unit = unit(at: position), !endsValue(unit.byte), !endsAuthority(unit.byte) {
      if unit.byte == UInt8(ascii: "@") { end = position }
      position = unit.next
    }
    return end.flatMap { $0 > start ? start..<$0 : nil }
  }

  private func endsAuthority(_ byte: UInt8) -> Bool {
    byte == UInt8(ascii: "/") || byte == UInt8(ascii: "?") || byte == UInt8(ascii: "#")
  }

  /// The range of the value that follows a name: `=x`, `: x`, `": "x"`, `>x<`.
  func value(after index: Int) -> Range<Int>? {
    var position = index
    var hasSeparator = false
    while let unit = unit(at: position) {
      if unit.byte == UInt8(ascii: "=") || unit.byte == UInt8(ascii: ":")
        || unit.byte == UInt8(ascii: ">")
      {
        hasSeparator = true
      } else if !isQuote(unit.byte), !(hasSeparator && unit.byte == 0x20) {
        break
      }
      position = unit.next
    }
    guard hasSeparator else { return nil }
    let start = position
    while let unit = unit(at: position), !endsValue(unit.byte) { position = unit.next }
    return start == position ? nil : start..<position
  }

  private func isQuote(_ byte: UInt8) -> Bool {
    byte == UInt8(ascii: "\"") || byte == UInt8(ascii: "'") || byte == UInt8(ascii: "\\")
  }

  private func endsValue(_ byte: UInt8) -> Bool {
    switch byte {
    case 0...0x20, UInt8(ascii: "&"), UInt8(ascii: "<"), UInt8(ascii: ">"), UInt8(ascii: ","),
      UInt8(ascii: ";"), UInt8(ascii: ")"), UInt8(ascii: "]"), UInt8(ascii: "}"), UInt8(ascii: "|"):
      true
    default: isQuote(byte)
    }
  }

  /// `%2F`, `%252F`, and so on.
  private func percentEncoded(_ index: Int) -> (byte: UInt8, next: Int)? {
    var position = index + 1
    while holds("25", at: position), hexadecimal(at: position + 2) != nil { position += 2 }
    return hexadecimal(at: position).map { ($0, position + 2) }
  }

  /// `\/`, `\"`, `\u002f`.
  private func escaped(_ index: Int) -> (byte: UInt8, next: Int)? {
    if holds("u00", at: index + 1) { return hexadecimal(at: index + 4).map { ($0, index + 6) } }
    guard index + 1 < text.count else { return nil }
    let next = text[index + 1]
    return next == UInt8(ascii: "/") || isQuote(next) ? (next, index + 2) : nil
  }

  /// `&amp;`, `&#47;`, `&#x2F;`.
  private func entity(_ index: Int) -> (byte: UInt8, next: Int)? {
    for (name, byte) in [
      ("amp;", UInt8(ascii: "&")), ("quot;", UInt8(ascii: "\"")), ("lt;", UInt8(ascii: "<")),
      ("gt;", UInt8(ascii: ">")),
    ] where holds(name, at: index + 1) { return (byte, index + 1 + name.utf8.count) }
    guard holds("#", at: index + 1) else { return nil }
    let isHexadecimal = holds("x", at: index + 2) || holds("X", at: index + 2)
    var position = index + (isHexadecimal ? 3 : 2)
    var value = 0
    let start = position
    while let digit = digit(at: position), digit < (isHexadecimal ? 16 : 10), value < 256 {
      value = value * (isHexadecimal ? 16 : 10) + digit
      position += 1
    }
    guard position > start, holds(";", at: position), let byte = UInt8(exactly: value) else {
      return nil
    }
    return (byte, position + 1)
  }

  private func holds(_ part: String, at index: Int) -> Bool {
    var position = index
    for byte in part.utf8 {
      guard position < text.count, text[position] == byte else { return false }
      position += 1
    }
    return true
  }

  private func hexadecimal(at index: Int) -> UInt8? {
    guard let high = digit(at: index), let low = digit(at: index + 1) else { return nil }
    return UInt8(high << 4 | low)
  }

  private func digit(at index: Int) -> Int? {
    guard index < text.count else { return nil }
    switch text[index] {
    case let byte where (0x30...0x39).contains(byte): return Int(byte) - 0x30
    case let byte where (0x41...0x46).contains(byte & 0xDF): return Int(byte & 0xDF) - 0x37
    default: return nil
    }
  }
}
