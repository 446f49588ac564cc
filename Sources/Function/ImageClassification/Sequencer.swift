/// S3 sequencers: hexadecimal numbers of varying length, compared as text after padding the shorter
/// one with zeros on the right. Only comparable for one key.
/// Source:
/// https://docs.aws.amazon.com/AmazonS3/latest/userguide/notification-content-structure.html
enum Sequencer {
  /// The sequencer, or nil for what has no place in the order, as of an event made by hand: "test" would be newer than
  /// every event of S3.
  static func wellFormed(_ text: String?) -> String? {
    guard let text, !text.isEmpty, text.utf8.allSatisfy(isHexadecimal) else { return nil }
    return text
  }

  private static func isHexadecimal(_ byte: UInt8) -> Bool {
    switch byte {
    case UInt8(ascii: "0")...UInt8(ascii: "9"), UInt8(ascii: "a")...UInt8(ascii: "f"),
      UInt8(ascii: "A")...UInt8(ascii: "F"):
      true
    default: false
    }
  }

  static func isOrdered(_ left: String, before right: String) -> Bool {
    let length = max(left.utf8.count, right.utf8.count)
    func padded(_ text: String) -> [UInt8] {
      Array(text.uppercased().utf8)
        + Array(repeating: UInt8(ascii: "0"), count: length - text.utf8.count)
    }
    return padded(left).lexicographicallyPrecedes(padded(right))
  }
}
