import TestSupport
import Testing

@testable import SigV4

@Suite struct CanonicalHeadersTests {
  private func trimmed(_ value: String) -> String {
    var output = Array("name:".utf8)
    CanonicalHeaders.appendTrimmed(value, to: &output)
    return String(decoding: output.dropFirst(5), as: UTF8.self)
  }

  @Test func whiteSpaceAnywhereInAValueOfAnyLengthIsTrimmedOrJoined() {
    var generator = SeededGenerator(seed: 7)
    let others: [Character] = ["a", "~", "!", "é", "\u{7F}"]
    for _ in 0..<5_000 {
      let isBlank = Int.random(in: 1...40, using: &generator)
      let value = String(
        (0..<Int.random(in: 0...40, using: &generator)).map { _ in
          Int.random(in: 0...isBlank, using: &generator) == 0
            ? [" ", "\t", "\n"].randomElement(using: &generator) ?? " "
            : others.randomElement(using: &generator) ?? "a"
        } as [Character])
      let words = value.split { $0 == " " || $0 == "\t" || $0 == "\n" }
      #expect(trimmed(value) == words.joined(separator: " "))
    }
  }
}
