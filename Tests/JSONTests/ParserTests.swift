import Testing

@testable import JSON

@Suite struct ParserTests {
  @Test(arguments: ParserCases.accepted)
  func accepts(text: String, expected: JSONValue) throws {
    #expect(try JSONValue(parsing: text) == expected)
  }

  @Test(arguments: ParserCases.rejected)
  func rejects(text: String, message: String) {
    let error = #expect(throws: JSONError.self) { try JSONValue(parsing: text) }
    #expect(error?.description == message)
  }

  @Test(arguments: ParserCases.notUTF8)
  func rejectsAStringThatIsNotUTF8(content: [UInt8], offset: Int) {
    let error = #expect(throws: JSONError.self) {
      try JSONValue(parsing: [0x22] + content + [0x22])
    }
    #expect(error == JSONError("a string is not UTF-8", at: offset))
  }

  @Test func rejectsBytesThatAreNotUTF8OutsideOfStrings() {
    let error = #expect(throws: JSONError.self) { try JSONValue(parsing: [0x5B, 0xFF, 0x5D]) }
    #expect(error?.description == "byte 0xff does not begin a value at byte 1")
  }

  @Test func rejectsUTF16() {
    #expect(throws: JSONError.self) { try JSONValue(parsing: [0x5B, 0x00, 0x5D, 0x00]) }
  }

  @Test func rejectsNoBytesAtAll() {
    #expect(throws: JSONError("a value is missing", at: 0)) { try JSONValue(parsing: [UInt8]()) }
  }
}

@Suite struct DepthTests {
  static let message = "arrays and objects are nested deeper than 512 levels at byte 512"

  @Test func readsComparesAndWrites512LevelsOnASmallStack() {
    let text = String(repeating: "[", count: 512) + String(repeating: "]", count: 512)
    let written = onSmallStack { () -> [UInt8] in
      guard let value = try? JSONValue(parsing: text), let same = try? JSONValue(parsing: text),
        value == same
      else { return [] }
      return value.serialized()
    }
    #expect(written == Array(text.utf8))
  }

  @Test func reads512LevelsOfObjectsOnASmallStack() {
    let text = String(repeating: #"{"a":"#, count: 512) + "1" + String(repeating: "}", count: 512)
    let isEqual = onSmallStack {
      (try? JSONValue(parsing: text)) != nil
        && (try? JSONValue(parsing: text)) == (try? JSONValue(parsing: text))
    }
    #expect(isEqual == true)
  }

  @Test(arguments: [513, 1_000_000]) func refusesDeeperNesting(depth: Int) {
    let message = onSmallStack { () -> String in
      do throws(JSONError) {
        _ = try JSONValue(parsing: [UInt8](repeating: UInt8(ascii: "["), count: depth))
        return "accepted"
      } catch {
        return error.description
      }
    }
    #expect(message == Self.message)
  }

  @Test func countsSiblingsOnce() throws {
    #expect(try JSONValue(parsing: Array("[[],[],{}]".utf8), maximumDepth: 2) == [[], [], [:]])
  }

  @Test func keepsALowerLimitAndNeverAHigherOne() {
    #expect(throws: JSONError("arrays and objects are nested deeper than 1 levels", at: 1)) {
      try JSONValue(parsing: Array("[[]]".utf8), maximumDepth: 1)
    }
    let error = #expect(throws: JSONError.self) {
      try JSONValue(
        parsing: [UInt8](repeating: UInt8(ascii: "["), count: 600), maximumDepth: 100_000)
    }
    #expect(error?.description == Self.message)
  }
}
