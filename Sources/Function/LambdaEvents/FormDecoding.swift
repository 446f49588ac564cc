struct FormDecodingError: Error {
  let reason: String
}

/// Decodes `application/x-www-form-urlencoded` text once, the encoding of keys in S3 notifications:
/// `+` is a space and `%XX` a byte of UTF-8. Other characters are kept, including those that S3
/// would have encoded.
func formDecoded(_ text: String) throws(FormDecodingError) -> String {
  let encoded = Array(text.utf8)
  var decoded: [UInt8] = []
  decoded.reserveCapacity(encoded.count)
  var index = 0
  while index < encoded.count {
    switch encoded[index] {
    case UInt8(ascii: "+"):
      decoded.append(UInt8(ascii: " "))
      index += 1
    case UInt8(ascii: "%"):
      guard index + 2 < encoded.count, let high = hexDigit(encoded[index + 1]),
        let low = hexDigit(encoded[index + 2])
      else {
        let escape = String(decoding: encoded[index..<min(index + 3, encoded.count)], as: UTF8.self)
        throw FormDecodingError(
          reason: "\(EventError.quoted(escape)) is not a percent-encoded byte")
      }
      decoded.append(high << 4 | low)
      index += 3
    default:
      decoded.append(encoded[index])
      index += 1
    }
  }
  // String(validating:as:) looks up generic metadata.
  guard let text = try? UTF8Span(validating: decoded.span) else {
    throw FormDecodingError(reason: "its percent-encoded bytes are not UTF-8")
  }
  return String(copying: text)
}

private func hexDigit(_ byte: UInt8) -> UInt8? {
  switch byte {
  case UInt8(ascii: "0")...UInt8(ascii: "9"): byte - UInt8(ascii: "0")
  case UInt8(ascii: "a")...UInt8(ascii: "f"): byte - UInt8(ascii: "a") + 10
  case UInt8(ascii: "A")...UInt8(ascii: "F"): byte - UInt8(ascii: "A") + 10
  default: nil
  }
}
