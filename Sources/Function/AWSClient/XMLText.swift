/// The text of one element of S3's small error documents.
///
/// S3 writes `<Error><Code>…</Code><Message>…</Message>…</Error>` without attributes, comments or
/// nesting of equal names (https://docs.aws.amazon.com/AmazonS3/latest/API/ErrorResponses.html), so
/// a whole XML parser would be in the zip for nothing.
public enum XMLText {
  /// The unescaped text of the first element of this name; nil when there is none.
  public static func element(_ name: String, in bytes: [UInt8]) -> String? {
    guard let start = find(Array("<\(name)>".utf8), in: bytes[...])?.upperBound,
      let end = find(Array("</\(name)>".utf8), in: bytes[start...])?.lowerBound
    else { return nil }
    return unescape(String(decoding: bytes[start..<end], as: UTF8.self))
  }

  private static func find(_ wanted: [UInt8], in bytes: ArraySlice<UInt8>) -> Range<Int>? {
    guard bytes.count >= wanted.count else { return nil }
    for start in bytes.startIndex...(bytes.endIndex - wanted.count)
    where bytes[start] == wanted[0] && bytes[start..<start + wanted.count].elementsEqual(wanted) {
      return start..<start + wanted.count
    }
    return nil
  }

  private static func unescape(_ text: String) -> String {
    var result = ""
    var rest = text[...]
    while let ampersand = rest.firstIndex(of: "&") {
      result += rest[..<ampersand]
      rest = rest[ampersand...]
      guard let end = rest.firstIndex(of: ";"),
        let character = character(rest[rest.index(after: ampersand)..<end])
      else {
        result += "&"
        rest = rest.dropFirst()
        continue
      }
      result.append(character)
      rest = rest[rest.index(after: end)...]
    }
    return result + rest
  }

  private static func character(_ entity: Substring) -> Character? {
    switch entity {
    case "amp": return "&"
    case "lt": return "<"
    case "gt": return ">"
    case "quot": return "\""
    case "apos": return "'"
    default:
      guard entity.hasPrefix("#") else { return nil }
      let isHexadecimal = entity.hasPrefix("#x")
      let digits = entity.dropFirst(isHexadecimal ? 2 : 1)
      return UInt32(digits, radix: isHexadecimal ? 16 : 10).flatMap(Unicode.Scalar.init)
        .map(Character.init)
    }
  }
}
