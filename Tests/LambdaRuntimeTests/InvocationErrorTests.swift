import JSON
import Testing

@testable import LambdaRuntime

@Suite struct InvocationErrorTests {
  /// Texts that broke the error reports of other runtimes.
  static let texts = [
    "two\nlines", "\"quoted\" and \\ back", "\u{0}\u{1}\u{1F}\u{7F}", "Schäferhund 🐕",
    String(decoding: [0xFF, 0xC0, 0x80, 0xED, 0xA0, 0x80] as [UInt8], as: UTF8.self), "",
  ]

  @Test(arguments: texts)
  func anyMessageMakesAValidReport(text: String) throws {
    let error = InvocationError(errorType: "Test.Failed", message: text)
    let report = try JSONValue(parsing: error.report)
    #expect(report["errorMessage"]?.stringValue == text)
    let cause = try JSONValue(parsing: error.xRayCause)
    #expect(cause["exceptions"]?[0]?["message"]?.stringValue == text)
    #expect(error.xRayCause.utf8.allSatisfy { (0x20...0x7E).contains($0) }, "it is a header")
  }

  @Test func theCauseStaysFarBelowAMebibyteWhateverTheMessage() {
    let accents = "e" + String(repeating: "\u{301}", count: 1_000_000)
    for text in [String(repeating: "🐕", count: 300_000), accents] {
      let cause = InvocationError(errorType: "Test.Failed", message: text).xRayCause
      #expect(cause.utf8.count < 65_536)
    }
  }

  @Test(arguments: [
    ("S3.NoSuchKey", "S3.NoSuchKey"), ("S3.a b\r\nX: y", "S3.a_b__X__y"), ("S3.ä", "S3._"),
    ("", "Runtime.UnknownError"),
  ])
  func theTypeIsAlwaysAPlainHeader(type: String, header: String) {
    #expect(InvocationError(errorType: type, message: "").headerType == header)
  }
}
