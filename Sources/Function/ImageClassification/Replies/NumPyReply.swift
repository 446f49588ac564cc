import JSON

/// `application/x-npy`: a file of `numpy.save`, which handlers of PyTorch and MXNet send.
///
/// Source: https://numpy.org/doc/stable/reference/generated/numpy.lib.format.html
enum NumPyReply {
  private static let magic: [UInt8] = [0x93] + Array("NUMPY".utf8)

  static func matches(_ body: [UInt8]) -> Bool { body.starts(with: magic) }

  static func read(_ body: [UInt8], _ rules: ReplyRules) throws(ReplyError) -> EndpointReply {
    // Version 1 has two bytes of length, later ones four.
    let lengthSize = body.count > 6 && body[6] == 1 ? 2 : 4
    let start = 8 + lengthSize
    guard body.count >= start else { throw malformed("it is cut short") }
    let length = body[8..<start].reversed().reduce(0) { $0 << 8 | Int($1) }
    guard length <= body.count - start else { throw malformed("it is cut short") }
    let header = String(decoding: body[start..<start + length], as: UTF8.self)
    guard let code = quoted(header, after: "'descr':"), let type = BinaryNumber(numpy: code) else {
      throw malformed("its numbers are of no type that is read: \(ReplyError.excerpt(header))")
    }
    let shape = tuple(header, after: "'shape':")
    let sides = shape.filter { $0 > 1 }
    if sides.count > 1 { throw .severalRows(sides[0]) }
    let data = body[(start + length)...]
    if data.count / type.size > rules.maximumClasses {
      throw .tooManyClasses(limit: rules.maximumClasses)
    }
    guard let numbers = type.numbers(data, maximumCount: rules.maximumClasses),
      numbers.values.count == shape.reduce(1, *)
    else { throw malformed("\(data.count) bytes of numbers do not fill its shape \(shape)") }
    return EndpointReply(numbers: numbers)
  }

  private static func malformed(_ problem: String) -> ReplyError {
    ReplyError("NotNumPy", "the endpoint's reply is a numpy array, but \(problem)")
  }

  private static func rest(_ header: String, after key: String) -> Substring.UTF8View? {
    let text = header.utf8
    guard let start = text.indices.first(where: { text[$0...].starts(with: key.utf8) }) else {
      return nil
    }
    return Substring(text[start...]).utf8.dropFirst(key.utf8.count).drop { $0 == UInt8(ascii: " ") }
  }

  private static func quoted(_ header: String, after key: String) -> String? {
    guard let rest = rest(header, after: key), rest.first == UInt8(ascii: "'") else { return nil }
    return String(Substring(rest.dropFirst().prefix { $0 != UInt8(ascii: "'") }))
  }

  /// Sides below 10⁹, of which the caller lets only one be more than 1.
  private static func tuple(_ header: String, after key: String) -> [Int] {
    guard let rest = rest(header, after: key) else { return [] }
    let inner = rest.dropFirst().prefix { $0 != UInt8(ascii: ")") }
    return inner.split(separator: UInt8(ascii: ",")).prefix(8).compactMap { part in
      let digits = part.filter { $0 != UInt8(ascii: " ") }
      let isNumber = digits.count < 10 && digits.allSatisfy { $0 &- UInt8(ascii: "0") < 10 }
      return isNumber ? Int(String(decoding: digits, as: UTF8.self)) : nil
    }
  }
}
