import Platform

/// A message from outside as it may stand in a message to people: on one line, without markup, of
/// bounded length.
enum ErrorText {
  /// Most of a traceback's value is in its last lines, and SageMaker appends the link to the log; so the
  /// middle is what is cut.
  private static let headBytes = 600
  private static let tailBytes = 500

  /// Lines joined, HTML tags removed, and the middle cut out of more than 1,100 bytes.
  static func readable(_ text: String) -> String {
    let bytes = Array(text.utf8)
    return shortened(joined(isMarkup(bytes) ? withoutTags(bytes) : bytes))
  }

  /// Runs of white space become one space. Other control characters stay, to be escaped where they are shown.
  private static func joined(_ bytes: [UInt8]) -> [UInt8] {
    var result: [UInt8] = []
    result.reserveCapacity(min(bytes.count, 4_096))
    for byte in bytes {
      if byte != 0x20 && !(0x09...0x0D).contains(byte) {
        result.append(byte)
      } else if let last = result.last, last != 0x20 {
        result.append(0x20)
      }
    }
    if result.last == 0x20 { result.removeLast() }
    return result
  }

  /// Pages of proxies and of nginx; also quoted inside a ModelError's message.
  private static func isMarkup(_ bytes: [UInt8]) -> Bool {
    let text = String(decoding: bytes.prefix(4_096), as: UTF8.self).lowercased()
    return ["<html", "<!doctype", "<body", "<h1"].contains { text.holds($0) }
  }

  private static func withoutTags(_ bytes: [UInt8]) -> [UInt8] {
    var result: [UInt8] = []
    var isInTag = false
    for (index, byte) in bytes.enumerated() {
      if isInTag {
        if byte == UInt8(ascii: ">") { isInTag = false }
      } else if byte == UInt8(ascii: "<"), beginsTag(bytes, after: index) {
        isInTag = true
        result.append(0x20)
      } else {
        result.append(byte)
      }
    }
    return result
  }

  private static func beginsTag(_ bytes: [UInt8], after index: Int) -> Bool {
    guard index + 1 < bytes.count else { return false }
    let next = bytes[index + 1]
    return next == UInt8(ascii: "/") || next == UInt8(ascii: "!")
      || (UInt8(ascii: "a")...UInt8(ascii: "z")).contains(next | 0x20)
  }

  private static func shortened(_ bytes: [UInt8]) -> String {
    guard bytes.count > headBytes + tailBytes else { return String(decoding: bytes, as: UTF8.self) }
    // Never within a character.
    var head = headBytes
    while head > 0, bytes[head] & 0xC0 == 0x80 { head -= 1 }
    var tail = bytes.count - tailBytes
    while tail < bytes.count, bytes[tail] & 0xC0 == 0x80 { tail += 1 }
    return String(decoding: bytes[..<head], as: UTF8.self) + " … "
      + String(decoding: bytes[tail...], as: UTF8.self)
  }
}
