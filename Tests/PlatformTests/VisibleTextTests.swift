import Platform
import Testing

@Suite struct VisibleTextTests {
  @Test(arguments: [
    ("\u{1B}]0;x\u{7}\n", #"\x1b]0;x\x07\n"#), ("a\u{9B}31mb", #"a\u009b31mb"#),
    ("a\u{85}b\u{2028}c\u{2029}d", #"a\u0085b\u2028c\u2029d"#), ("\u{7F}\r\t", #"\x7f\r\x09"#),
    ("abc\u{202E}gpj.exe", #"abc\u202egpj.exe"#), ("\u{2066}a\u{2069}", #"\u2066a\u2069"#),
    ("\u{61C}\u{200E}\u{200F}", #"\u061c\u200e\u200f"#),
  ])
  func whatCanForgeALineOrReorderTextBecomesAnEscape(text: String, escaped: String) {
    #expect(VisibleText.escaped(text) == escaped)
  }

  @Test(arguments: [
    "", "rex.jpg", #"C:\"a""#, "Âé – … “quoted” 🐕 العربية ߷ \u{A0}\u{2027}\u{202F}",
  ])
  func everythingElseStaysAsItIs(text: String) {
    for form in [VisibleText.Form.line, .lines, .jsonDocument] {
      #expect(VisibleText.escaped(text, as: form) == text)
    }
  }

  @Test func ownLineBreaksStayInTextOfSeveralLines() {
    #expect(VisibleText.escaped("a\nb\u{1B}", as: .lines) == "a\nb\\x1b")
  }

  @Test func jsonGetsJSONsOwnEscapes() {
    #expect(
      VisibleText.escaped("\"\\\n\u{1B}\u{9B}\u{202E}", as: .jsonString)
        == #"\"\\\n\u001b\u009b\u202e"#)
    #expect(
      VisibleText.escaped("{\n\"a\\n\": \"\u{9B}\"}", as: .jsonDocument)
        == "{\n\"a\\n\": \"\\u009b\"}")
  }
}
