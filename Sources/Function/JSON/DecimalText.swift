extension NumberList {
  /// Appends a number in decimal digits as cells of CSV hold it: blanks only around it, `+`, `.5` and `5.`
  /// allowed; `nan`, `inf` and `infinity` in any case.
  ///
  /// - Returns: false for anything else, a hexadecimal number or an empty text among them.
  public mutating func append(decimal text: ArraySlice<UInt8>) -> Bool {
    let isBlank = { (byte: UInt8) in byte == UInt8(ascii: " ") || byte == UInt8(ascii: "\t") }
    var text = text.drop(while: isBlank)
    while let last = text.last, isBlank(last) { text.removeLast() }
    let start = text
    let isNegative = text.first == UInt8(ascii: "-")
    if isNegative || text.first == UInt8(ascii: "+") { text.removeFirst() }
    if let byte = text.first, byte > UInt8(ascii: "9") {
      guard let token = Self.token(text) else { return false }
      values.append(isNegative ? -token : token)
      return true
    }
    var decimal = Decimal()
    var digitCount = Self.digits(&text, into: &decimal)
    if text.first == UInt8(ascii: ".") {
      text.removeFirst()
      let fractionCount = Self.digits(&text, into: &decimal)
      decimal.exponent -= fractionCount
      digitCount += fractionCount
    }
    guard digitCount > 0 else { return false }
    if let byte = text.first, byte | 0x20 == UInt8(ascii: "e") {
      text.removeFirst()
      let isBelowOne = text.first == UInt8(ascii: "-")
      if isBelowOne || text.first == UInt8(ascii: "+") { text.removeFirst() }
      guard !text.isEmpty else { return false }
      var exponent = 0
      while let digit = text.first.map({ $0 &- UInt8(ascii: "0") }), digit < 10 {
        // Beyond any effect it stops growing.
        if exponent < 1_000_000_000 { exponent = exponent * 10 + Int(digit) }
        text.removeFirst()
      }
      decimal.exponent += isBelowOne ? -exponent : exponent
    }
    guard text.isEmpty else { return false }
    decimals = max(decimals, -decimal.exponent)
    values.append(
      decimal.double(isNegative: isNegative)
        ?? Double(String(decoding: start, as: UTF8.self)) ?? .nan)
    return true
  }

  private static func digits(_ text: inout ArraySlice<UInt8>, into decimal: inout Decimal) -> Int {
    let start = text.startIndex
    while let digit = text.first.map({ $0 &- UInt8(ascii: "0") }), digit < 10 {
      decimal.append(digit)
      text.removeFirst()
    }
    return text.startIndex - start
  }

  private static func token(_ text: ArraySlice<UInt8>) -> Double? {
    switch String(decoding: text, as: UTF8.self).lowercased() {
    case "nan": .nan
    case "inf", "infinity": .infinity
    default: nil
    }
  }
}
