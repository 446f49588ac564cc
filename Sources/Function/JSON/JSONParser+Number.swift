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

  /// A number at `offset` as most models write it: of at most 19 digits, without an exponent, and not at the very end
  /// of the text. Raises `decimals` to its own.
  ///
  /// - Returns: nil, and nothing is read, for any other.
  @inline(__always) mutating func plainDouble(_ decimals: inout Int) -> Double? {
    var index = offset
    let isNegative = input[index] == UInt8(ascii: "-")
    if isNegative { index += 1 }
    let start = index
    var significand: UInt64 = 0
    while index < input.count, case let digit = input[index] &- UInt8(ascii: "0"), digit < 10 {
      significand = significand &* 10 &+ UInt64(digit)
      index += 1
    }
    let digitCount = index - start
    guard digitCount > 0, digitCount < 19, index < input.count,
      digitCount == 1 || input[start] != UInt8(ascii: "0")
    else { return nil }
    var fractionCount = 0
    if input[index] == UInt8(ascii: ".") {
      let fractionStart = index + 1
      index = fractionStart
      var count = 8
      while count == 8 {
        guard let word = input.word(at: index) else { return nil }
        let number: UInt64
        (number, count) = word.leadingDigits
        guard significand < UInt64.powersOfTen[19 - count] else { return nil }
        significand = significand &* UInt64.powersOfTen[count] &+ number
        index += count
      }
      fractionCount = index - fractionStart
      guard fractionCount > 0 else { return nil }
    }
    let next = input[index]
    guard next == UInt8(ascii: ",") || next == UInt8(ascii: "]"),
      let value = Decimal(significand: significand, exponent: -fractionCount)
        .double(isNegative: isNegative)
    else { return nil }
    decimals = max(decimals, fractionCount)
    offset = index
    return value
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
      throw JSONError("a number has a leading zero", at: digitsStart)
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

  /// The slow path: keeps the text of a big integer or a number that overflows, and otherwise uses
  /// the standard library's parser.
  private func slowNumber(_ range: Range<Int>, isInteger: Bool) -> JSONNumber {
    let text = input.text(range) ?? ""  // never nil: digits and signs
    if !isInteger, let value = Double(text), value.isFinite { return JSONNumber(value) }
    return JSONNumber(validText: text)
  }

  /// The slow path for a double; an infinity beyond the range of doubles.
  func slowDouble(_ range: Range<Int>) -> Double {
    Double(input.text(range) ?? "") ?? .nan  // never nil: digits and signs
  }

  /// Reads one or more digits.
  @inline(__always)
  private mutating func digits(into decimal: inout Decimal, after what: StaticString)
    throws(JSONError)
  {
    let start = offset
    while let (number, count) = input.word(at: offset)?.leadingDigits {
      decimal.append(number, digits: count)
      offset += count
      if count == 8 { continue }
      if offset == start { throw JSONError("a digit is missing after \(what)", at: start) }
      return
    }
    while offset < input.count {
      let digit = input[offset] &- UInt8(ascii: "0")
      guard digit < 10 else { break }
      decimal.append(digit)
      offset += 1
    }
    if offset == start { throw JSONError("a digit is missing after \(what)", at: start) }
  }

  /// Reads the signed digits after an `e`. Exponents beyond any effect stop growing, so that they
  /// cannot overflow.
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
