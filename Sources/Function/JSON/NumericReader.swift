/// Reads a `NumericJSON` by the parser's parts.
struct NumericReader {
  private var parser: JSONParser
  /// How many values may follow; negative when there were too many.
  private(set) var remaining: Int
  private var depth = 0
  /// Those of the innermost list, which get an array of their size at its end.
  private var numbers: [Double] = []
  private static let usualNumbers = 256

  init(_ input: InputBytes, maximumValues: Int) {
    numbers.reserveCapacity(min(maximumValues, Self.usualNumbers))
    parser = JSONParser(input, maximumDepth: 0)
    remaining = maximumValues
  }

  mutating func document() throws(JSONError) -> NumericJSON.Value {
    let input = parser.input
    if input.count >= 3, input[0] == 0xEF, input[1] == 0xBB, input[2] == 0xBF { parser.offset = 3 }
    let first = try value()
    guard try anotherLineFollows() else { return first }
    var lines = [first]
    repeat { lines.append(try value()) } while try anotherLineFollows()
    return .array(lines)
  }

  private mutating func anotherLineFollows() throws(JSONError) -> Bool {
    let end = parser.offset
    parser.skipWhitespace()
    if parser.offset == parser.input.count { return false }
    for index in end..<parser.offset where parser.input[index] == UInt8(ascii: "\n") { return true }
    throw JSONError("there is text after the value", at: parser.offset)
  }

  private mutating func value() throws(JSONError) -> NumericJSON.Value {
    parser.skipWhitespace()
    try count()
    guard let byte = parser.peek else { throw JSONError("a value is missing", at: parser.offset) }
    switch byte {
    case UInt8(ascii: "\""): return .string(try string())
    case UInt8(ascii: "["): return try nested { reader throws(JSONError) in try reader.array() }
    case UInt8(ascii: "{"): return try nested { reader throws(JSONError) in try reader.object() }
    case UInt8(ascii: "t"): return try literal("true", .bool(true))
    case UInt8(ascii: "f"): return try literal("false", .bool(false))
    case UInt8(ascii: "n"): return try literal("null", .null)
    default:
      guard beginsNumber(byte) else {
        throw JSONError("\(JSONParser.name(byte)) does not begin a value", at: parser.offset)
      }
      var decimals = 0
      return .number(try number(byte, &decimals), decimals: decimals)
    }
  }

  @inline(__always) private mutating func count() throws(JSONError) {
    remaining -= 1
    if remaining < 0 { throw JSONError("there are too many values", at: parser.offset) }
  }

  private mutating func nested(
    _ read: (inout NumericReader) throws(JSONError) -> NumericJSON.Value
  ) throws(JSONError) -> NumericJSON.Value {
    guard depth < NumericJSON.depthLimit else {
      throw JSONError(
        "arrays and objects are nested deeper than \(NumericJSON.depthLimit) levels",
        at: parser.offset)
    }
    depth += 1
    parser.offset += 1
    defer { depth -= 1 }
    return try read(&self)
  }

  private mutating func array() throws(JSONError) -> NumericJSON.Value {
    parser.skipWhitespace()
    if parser.skip(UInt8(ascii: "]")) { return .array([]) }
    var decimals = 0
    numbers.removeAll(keepingCapacity: true)
    while let byte = parser.peek, beginsNumber(byte) {
      try count()
      if let plain = parser.plainDouble(&decimals) {
        numbers.append(plain)
      } else {
        numbers.append(try number(byte, &decimals))
      }
      if parser.skip(UInt8(ascii: "]")) {
        return .numbers(NumberList(Array(numbers[...]), decimals: decimals))
      }
      try comma("]")
      parser.skipWhitespace()
    }
    var elements = numbers.map { NumericJSON.Value.number($0, decimals: decimals) }
    while true {
      elements.append(try value())
      if parser.skip(UInt8(ascii: "]")) { return .array(elements) }
      try comma("]")
    }
  }

  private mutating func object() throws(JSONError) -> NumericJSON.Value {
    parser.skipWhitespace()
    var members: [(key: Range<Int>, value: NumericJSON.Value)] = []
    if parser.skip(UInt8(ascii: "}")) { return .object(members) }
    while true {
      parser.skipWhitespace()
      guard parser.peek == UInt8(ascii: "\"") else {
        throw JSONError("the key of a member is missing", at: parser.offset)
      }
      let key = try string()
      guard parser.skip(UInt8(ascii: ":")) else {
        throw JSONError("a colon is missing", at: parser.offset)
      }
      members.append((key: key, value: try value()))
      if parser.skip(UInt8(ascii: "}")) { return .object(members) }
      try comma("}")
    }
  }

  @inline(__always) private mutating func comma(_ end: StaticString) throws(JSONError) {
    guard parser.skip(UInt8(ascii: ",")) else {
      throw JSONError("a comma or \(end) is missing", at: parser.offset)
    }
  }

  private func beginsNumber(_ byte: UInt8) -> Bool {
    byte &- UInt8(ascii: "0") < 10 || byte == UInt8(ascii: "-") || byte == UInt8(ascii: "N")
      || byte == UInt8(ascii: "I")
  }

  /// A number or one of the three tokens; raises `decimals` to its own.
  private mutating func number(
    _ first: UInt8, _ decimals: inout Int
  ) throws(JSONError) -> Double {
    let isNegative = first == UInt8(ascii: "-")
    let digit = parser.offset + (isNegative ? 1 : 0)
    if digit < parser.input.count, parser.input[digit] > UInt8(ascii: "9") {
      if isNegative { parser.offset += 1 }
      if first == UInt8(ascii: "N") {
        try parser.word("NaN")
        return .nan
      }
      try parser.word("Infinity")
      return isNegative ? -.infinity : .infinity
    }
    let start = parser.offset
    let literal = try parser.numberLiteral()
    decimals = max(decimals, -literal.decimal.exponent)
    return literal.decimal.double(isNegative: literal.isNegative)
      ?? parser.slowDouble(start..<parser.offset)
  }

  private mutating func literal(
    _ text: StaticString, _ value: NumericJSON.Value
  ) throws(JSONError) -> NumericJSON.Value {
    try parser.word(text)
    return value
  }

  /// The range of a string between its quotes.
  private mutating func string() throws(JSONError) -> Range<Int> {
    let start = parser.offset + 1
    var end = try parser.plainRun(from: start)
    while parser.input[end] == UInt8(ascii: "\\") { end = try parser.plainRun(from: end + 2) }
    parser.offset = end + 1
    return start..<end
  }
}
