/// Text that others chose (object keys, AWS's messages, file names), made safe to show: everything
/// that moves a cursor, colors a terminal, breaks a line or reorders text becomes a visible escape.
///
/// Escaped are the control characters C0, DEL and C1, the line and paragraph separators, and the
/// bidirectional controls (https://www.unicode.org/reports/tr9/#Directional_Formatting_Characters).
public enum VisibleText {
  /// Where the text is shown, which decides how an escape is written.
  public enum Form: Sendable {
    /// One line of plain text: `\n`, `\r`, `\x1b`, `\u202e`.
    case line
    /// Plain text whose line breaks are its own; everything else as in `line`.
    case lines
    /// Inside a JSON string: also quotes and backslashes are escaped.
    case jsonString
    /// A whole JSON document, where a control character can only stand inside a string.
    case jsonDocument
  }

  public static func escaped(_ text: String, as form: Form = .line) -> String {
    var bytes: [UInt8] = []
    append(text, to: &bytes, as: form)
    return String(decoding: bytes, as: UTF8.self)
  }

  public static func append(_ text: String, to bytes: inout [UInt8], as form: Form) {
    // Most texts need no escaping and are copied as a whole.
    var copy = text
    let isPlain = copy.withUTF8 { text in
      for index in text.indices where unsafe mayNeedEscape(text[index]) { return false }
      unsafe bytes.append(contentsOf: text)
      return true
    }
    if isPlain { return }
    for scalar in text.unicodeScalars { append(scalar, to: &bytes, as: form) }
  }

  private static func append(_ scalar: Unicode.Scalar, to bytes: inout [UInt8], as form: Form) {
    switch scalar {
    case "\n" where form == .lines || form == .jsonDocument: bytes.append(UInt8(ascii: "\n"))
    case "\n": bytes += [UInt8(ascii: "\\"), UInt8(ascii: "n")]
    case "\r": bytes += [UInt8(ascii: "\\"), UInt8(ascii: "r")]
    case "\"" where form == .jsonString, "\\" where form == .jsonString:
      bytes += [UInt8(ascii: "\\"), UInt8(ascii: scalar)]
    case _ where isHidden(scalar): appendNumber(of: scalar, to: &bytes, as: form)
    default: bytes.append(contentsOf: scalar.utf8)
    }
  }

  private static func isHidden(_ scalar: Unicode.Scalar) -> Bool {
    switch scalar.value {
    case 0..<0x20, 0x7F...0x9F: true  // C0, DEL, C1
    case 0x2028, 0x2029: true  // line and paragraph separator
    case 0x061C, 0x200E, 0x200F, 0x202A...0x202E, 0x2066...0x2069: true  // bidirectional
    default: false
    }
  }

  /// The first bytes of everything that is escaped; some begin other characters, too.
  private static func mayNeedEscape(_ byte: UInt8) -> Bool {
    // Letters first, which are most of a text.
    if (0x5D..<0x7F).contains(byte) { return false }
    return switch byte {
    case 0..<0x20, 0x7F, UInt8(ascii: "\""), UInt8(ascii: "\\"), 0xC2, 0xD8, 0xE2: true
    default: false
    }
  }

  private static func appendNumber(
    of scalar: Unicode.Scalar, to bytes: inout [UInt8], as form: Form
  ) {
    let isShort = scalar.value < 0x80 && (form == .line || form == .lines)
    bytes += [UInt8(ascii: "\\"), UInt8(ascii: isShort ? "x" : "u")]
    for shift in stride(from: isShort ? 4 : 12, through: 0, by: -4) {
      let digit = UInt8(scalar.value >> UInt32(shift) & 15)
      bytes.append(digit < 10 ? UInt8(ascii: "0") + digit : UInt8(ascii: "a") + digit - 10)
    }
  }
}
