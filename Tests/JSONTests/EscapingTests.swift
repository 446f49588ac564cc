import TestSupport
import Testing

@testable import JSON

/// The writer processes eight bytes at a time, so these texts have escapes at every position.
struct EscapingTests {
  /// Byte by byte, as specified by RFC 8259.
  private func escaped(_ text: String) -> String {
    text.unicodeScalars.reduce(into: "") { output, scalar in
      switch scalar {
      case "\"", "\\": output += "\\\(scalar)"
      case "\u{8}": output += "\\b"
      case "\t": output += "\\t"
      case "\n": output += "\\n"
      case "\u{C}": output += "\\f"
      case "\r": output += "\\r"
      case _ where scalar.value < 0x20:
        let digits = String(scalar.value, radix: 16)
        output += "\\u00\(digits.count == 1 ? "0" : "")\(digits)"
      default: output.unicodeScalars.append(scalar)
      }
    }
  }

  private func written(_ text: String) -> (string: String, embedded: String) {
    var writer = JSONWriter()
    writer.string(text)
    var repairing = JSONWriter()
    repairing.string(repairingUTF8: Array(text.utf8))
    return (
      String(decoding: writer.bytes, as: UTF8.self),
      String(decoding: repairing.bytes, as: UTF8.self)
    )
  }

  @Test(arguments: ["\"", "\\", "\n", "\u{1}", "\u{1F}", "ä", "\u{1F436}", "\u{7F}", "!"])
  func anyPlaceOfAnyLengthIsEscaped(scalar: String) {
    for length in 0..<26 {
      for place in 0...length {
        let text =
          String(repeating: "a", count: place) + scalar
          + String(repeating: "b", count: length - place)
        #expect(written(text) == ("\"\(escaped(text))\"", "\"\(escaped(text))\""))
      }
    }
  }

  @Test func textsOfRandomCharactersAreEscaped() {
    var generator = SeededGenerator(seed: 8)
    let characters = Array("\"\\\n\u{1}\u{1F}aaaaaaaa äé🐶/").map(String.init)
    for _ in 0..<500 {
      let text = (0..<Int.random(in: 0..<80, using: &generator)).map { _ in
        characters[Int.random(in: 0..<characters.count, using: &generator)]
      }.joined()
      #expect(written(text) == ("\"\(escaped(text))\"", "\"\(escaped(text))\""))
    }
  }

  @Test func brokenUTF8BetweenAndBesideASCIIIsReplaced() {
    for length in 0..<20 {
      var bytes = Array(repeating: UInt8(ascii: "a"), count: length)
      bytes += [0xE2, 0x82, UInt8(ascii: "\""), 0xFF, 0xC3, 0xA4]
      var writer = JSONWriter()
      writer.string(repairingUTF8: bytes)
      let start = String(repeating: "a", count: length)
      #expect(String(decoding: writer.bytes, as: UTF8.self) == "\"\(start)\u{FFFD}\\\"\u{FFFD}ä\"")
    }
  }
}
