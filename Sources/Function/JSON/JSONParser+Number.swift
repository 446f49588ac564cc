extension JSONParser {
  /// A number at `offset`, which points at a minus or a digit.
  mutating func number() throws(JSONError) -> JSONNumber {
    let start = offset
    let literal = try numberLiteral()
    let (decimal, isNegative, isInteger) = literal
    if isInteger, let integer = decimal.integer(isNegative: isNegative) {
      return JSONNumber(integer)
    }
    if !isInteger || decimal.isZero, let value = decimal.double(isNegative: isNegative) {
      return JSONNumber(value)
    }
    return slowNumber(start..<offset, isInteger: isInteger)
  }

  /// The digits of a number at `offset`.
  @inline(__always)
  mutating func numberLiteral() throws(JSONError)
    -> (decimal: Decimal, isNegative: Bool, isInteger: Bool)
  {
    let isNegative = input[offset] == UInt8(ascii: "-")
    if isNegative { offset += 1 }
    var decimal = Decimal()
    let digitsStart = offset
    try digits(into: &decimal, after: "a minus sign")
    if input[digitsStart] == UInt8(ascii: "0"), offset > digitsStart + 1 {
      throw JSONError("a number begins with a superfluous 0", at: digitsStart)
    }
    var isInteger = true
    if peek == UInt8(ascii: ".") {
      isInteger = false
      offset += 1
      let fractionStart = offset
      try digits(into: &decimal, after: "a decimal point")
      decimal.exponent -= offset - fractionStart
    }
    if let byte = peek, byte | 0x20 == UInt8(ascii: "e") {
      isInteger = false
      offset += 1
      decimal.exponent += try exponent()
    }
    return (decimal, isNegative, isInteger)
  }

  /// What the fast paths leave: the text itself when it is a big integer or overflows, else what
  /// the standard library makes of the text.
  private func slowNumber(_ range: Range<Int>, isInteger: Bool) -> JSONNumber {
    let text = input.text(range) ?? ""  // never nil: digits and signs
    if !isInteger, let value = Double(text), value.isFinite { return JSONNumber(value) }
    return JSONNumber(validText: text)
  }

  /// The nearest double of a number that the fast paths leave; an infinity beyond the range of doubles.
  func slowDouble(_ range: Range<Int>) -> Double {
    Double(input.text(range) ?? "") ?? .nan  // never nil: digits and signs
  }

  /// One digit or more.
  @inline(__always)
  private mutating func digits(into decimal: inout Decimal, after what: StaticString)
    throws(JSONError)
  {
    let start = offset
    while offset < input.count {
      let digit = input[offset] &- UInt8(ascii: "0")
      guard digit < 10 else { break }
      decimal.append(digit)
      offset += 1
    }
    if offset == start { throw JSONError("a digit is missing after \(what)", at: start) }
  }

  /// The signed digits behind an `e`. Exponents too large to matter stop growing, so they cannot
  /// overflow.
  private mutating func exponent() throws(JSONError) -> Int {
    let isNegative = peek == UInt8(ascii: "-")
    if isNegative || peek == UInt8(ascii: "+") { offset += 1 }
    let start = offset
    var value = 0
    while offset < input.count {
      let digit = input[offset] &- UInt8(ascii: "0")
      guard digit < 10 else { break }
      if value < 1_000_000_000 { value = value * 10 + Int(digit) }
      offset += 1
    }
    if offset == start { throw JSONError("an exponent has no digits", at: start) }
    return isNegative ? -value : value
  }
}
