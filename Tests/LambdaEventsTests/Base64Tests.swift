import Foundation
import LambdaEvents
import TestSupport
import Testing

/// Tested through the bodies of requests and responses, where base64 is used.
@Suite struct Base64Tests {
  private func decoded(_ text: String) throws -> Result<ProxyContent, EventError> {
    try RequestParts(body: .string(text)).request().content
  }

  private func image(_ bytes: [UInt8]) -> Result<ProxyContent, EventError> {
    .success(.image(bytes: bytes, mediaType: "image/jpeg"))
  }

  /// RFC 4648, section 10.
  @Test(arguments: [
    ("f", "Zg=="), ("fo", "Zm8="), ("foo", "Zm9v"), ("foob", "Zm9vYg=="), ("fooba", "Zm9vYmE="),
    ("foobar", "Zm9vYmFy"),
  ])
  func theVectorsOfTheRFCAreRead(bytes: String, text: String) throws {
    #expect(try decoded(text) == image(Array(bytes.utf8)))
  }

  @Test func whatFoundationEncodesIsReadAndTheOtherWayRound() throws {
    var generator = SeededGenerator(seed: 4648)
    for count in 1...200 {
      let bytes = (0..<count).map { _ in UInt8.random(in: 0...255, using: &generator) }
      let text = Data(bytes).base64EncodedString()
      #expect(try decoded(text) == image(bytes))
      let response = ProxyResponse(statusCode: 200, body: []).gzipped(bytes)
      #expect(
        String(decoding: response.serialized(), as: UTF8.self).contains(#""body":"\#(text)""#))
    }
  }

  @Test(arguments: [
    ("Zg", "its 2 characters are not a multiple of 4"),
    ("Zm9vY", "its 5 characters are not a multiple of 4"),
    ("Zg==\n", "its 5 characters are not a multiple of 4"),
    ("Zm9v\nYmF", "character 4 is not in the base64 alphabet"),
    ("Zm 9", "character 2 is not in the base64 alphabet"),
    ("Zm-_", "character 2 is not in the base64 alphabet"),
    ("Zg==Zg==", "character 2 is not in the base64 alphabet"),
    ("====", "character 0 is not in the base64 alphabet"),
    ("Z===", "character 1 is not in the base64 alphabet"),
    ("Zm=v", "character 2 is not in the base64 alphabet"),
    ("Zmü", "character 2 is not in the base64 alphabet"),
    ("Zh==", "its last character has unused bits set"),
    ("Zm9=", "its last character has unused bits set"),
  ])
  func whatIsNotStrictlyBase64IsRefused(text: String, reason: String) throws {
    #expect(try decoded(text).failure?.message == "body is not base64: \(reason)")
  }

  @Test func sixMebibytesAreRead() throws {
    let bytes = [UInt8](repeating: 0xA5, count: 4_500_000)
    #expect(try decoded(Data(bytes).base64EncodedString()) == image(bytes))
  }
}
