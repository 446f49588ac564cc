/// S3 sequencers: hexadecimal numbers of varying length, compared as text after padding the shorter
/// one with zeros on the right. Only comparable for one key.
/// Source:
/// https://docs.aws.amazon.com/AmazonS3/latest/userguide/notification-content-structure.html
enum Sequencer {
  static func isOrdered(_ left: String, before right: String) -> Bool {
    let length = max(left.utf8.count, right.utf8.count)
    func padded(_ text: String) -> [UInt8] {
      Array(text.uppercased().utf8)
        + Array(repeating: UInt8(ascii: "0"), count: length - text.utf8.count)
    }
    return padded(left).lexicographicallyPrecedes(padded(right))
  }
}
