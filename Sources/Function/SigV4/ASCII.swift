/// The byte classes of Signature Version 4.
package enum ASCII {
  package static func lowercased(_ byte: UInt8) -> UInt8 {
    byte >= 0x41 && byte <= 0x5A ? byte | 0x20 : byte
  }

  /// Space, tab, line feed, vertical tab, form feed, carriage return: what C's `isspace` accepts;
  /// includes the line breaks of folded headers.
  static func isWhitespace(_ byte: UInt8) -> Bool {
    byte == 0x20 || (byte >= 0x09 && byte <= 0x0D)
  }

  /// RFC 3986's unreserved characters: letters, digits, `-`, `.`, `_`, `~`.
  static func isUnreserved(_ byte: UInt8) -> Bool {
    switch byte {
    case 0x30...0x39, 0x41...0x5A, 0x61...0x7A, 0x2D, 0x2E, 0x5F, 0x7E: true
    default: false
    }
  }

  static func digit(_ byte: UInt8) -> Int? {
    byte >= 0x30 && byte <= 0x39 ? Int(byte) - 0x30 : nil
  }

  package static let newline = UInt8(ascii: "\n")
  static let slash = UInt8(ascii: "/")
}

/// Lower-case hexadecimal text.
enum Hexadecimal {
  private static let lowercase = Array("0123456789abcdef".utf8)

  static func append(_ bytes: [UInt8], to output: inout [UInt8]) {
    // As in PercentEncoding.
    if bytes.isEmpty { return }
    output.append(addingCapacity: 2 * bytes.count) { output in
      for byte in bytes {
        output.append(lowercase[Int(byte >> 4)])
        output.append(lowercase[Int(byte & 15)])
      }
    }
  }

  static func string(_ bytes: [UInt8]) -> String {
    var text: [UInt8] = []
    text.reserveCapacity(bytes.count * 2)
    append(bytes, to: &text)
    return String(decoding: text, as: UTF8.self)
  }
}
