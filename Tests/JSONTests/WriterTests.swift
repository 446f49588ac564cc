import JSON
import TestSupport
import Testing

@Suite struct WriterTests {
  private func text(_ write: (inout JSONWriter) -> Void) -> String {
    var writer = JSONWriter()
    write(&writer)
    return String(decoding: writer.bytes, as: UTF8.self)
  }

  @Test func commasAndColonsComeByThemselves() {
    let written = text {
      $0.beginObject()
      $0.key("a")
      $0.beginArray()
      $0.integer(-1)
      $0.double(0.5)
      $0.beginArray()
      $0.endArray()
      $0.beginObject()
      $0.endObject()
      $0.bool(true)
      $0.null()
      $0.endArray()
      $0.key("b")
      $0.string("c")
      $0.key("d")
      $0.value(["e": [1, "f", .null], "g": [:]])
      $0.endObject()
    }
    #expect(written == #"{"a":[-1,0.5,[],{},true,null],"b":"c","d":{"e":[1,"f",null],"g":{}}}"#)
  }

  @Test func escapesWhatTheRFCDemandsAndNothingElse() {
    #expect(
      text { $0.string("\"\\/\u{8}\u{9}\u{a}\u{c}\u{d}\u{0}\u{1f}\u{7f}\u{2028}ü🐕") }
        == #""\"\\/\b\t\n\f\r\u0000\u001f"# + "\u{7f}\u{2028}ü🐕\"")
  }

  @Test func keysAreEscapedToo() {
    #expect(
      text {
        $0.beginObject(); $0.key("a\"\n"); $0.null(); $0.endObject()
      } == #"{"a\"\n":null}"#)
  }

  @Test func aDocumentIsEmbeddedAsAString() throws {
    let document = JSONValue.object(["a": "b\"c", "n": [1, 2.5]]).serialized()
    var writer = JSONWriter()
    writer.string(repairingUTF8: document)
    #expect(
      try JSONValue(parsing: writer.bytes).stringValue == String(decoding: document, as: UTF8.self))
  }

  @Test(arguments: 1...50)
  func aDocumentWrittenForAnotherIsTheOneEscapedAfterwards(seed: UInt64) {
    var values = ValueGenerator(seed: seed)
    let (name, text, value) = (values.string(), values.string(), values.value())
    func document(isEmbedded: Bool) -> [UInt8] {
      var writer = JSONWriter(isEmbedded: isEmbedded)
      writer.beginObject()
      writer.key(name)
      writer.string(text)
      writer.key(JSONString(name))
      writer.string(JSONString(text))
      writer.key(JSONString("value"))
      writer.value(value)
      writer.key("bytes")
      writer.string(repairingUTF8: Array(text.utf8.dropFirst()))
      writer.endObject()
      return writer.bytes
    }
    func begun() -> JSONWriter {
      var writer = JSONWriter()
      writer.beginObject()
      writer.key(name)
      writer.integer(1)
      writer.key("body")
      return writer
    }
    var escapedAfterwards = begun()
    escapedAfterwards.string(repairingUTF8: document(isEmbedded: false))
    escapedAfterwards.endObject()
    var escapedBefore = begun()
    let embedded = document(isEmbedded: true)
    #expect(escapedBefore.endObject(aroundEmbedded: embedded) == escapedAfterwards.bytes)
    #expect(embedded == document(isEmbedded: true))
  }

  @Test func aStringEscapedOnceIsWrittenLikeAnyOther() {
    let name = "a\"\\\n ü"
    let once = text {
      $0.beginObject(); $0.key(JSONString(name)); $0.string(JSONString(name)); $0.endObject()
    }
    let anew = text {
      $0.beginObject(); $0.key(name); $0.string(name); $0.endObject()
    }
    #expect(once == anew)
  }

  @Test func doublesAreWrittenShort() {
    let written = text {
      $0.beginArray()
      for value in [
        0, 1, -0.0, 0.1, 1e21, 1e-7, .leastNonzeroMagnitude, .greatestFiniteMagnitude, 123_456_789,
      ] {
        $0.double(value)
      }
      $0.endArray()
    }
    #expect(written == "[0,1,-0,0.1,1e+21,1e-07,5e-324,1.7976931348623157e+308,123456789]")
  }

  @Test(
    arguments: [
      [0xFF], [0x61, 0xC3], [0xC3, 0x28], [0xE2, 0x82, 0x22], [0xED, 0xA0, 0x80],
      [0xF0, 0x9F, 0x90],
      [0xC0, 0xAF, 0x5C], [0xF4, 0x90, 0x80, 0x80], [0x80, 0x80, 0x0A], [],
    ] as [[UInt8]])
  func anyBytesAreWrittenAsARepairedString(bytes: [UInt8]) throws {
    var writer = JSONWriter()
    writer.string(repairingUTF8: bytes)
    #expect(
      try JSONValue(parsing: writer.bytes).stringValue == String(decoding: bytes, as: UTF8.self))
  }

  @Test func randomBytesAreRepairedAsTheStandardLibraryRepairsThem() throws {
    var generator = SeededGenerator(seed: 4)
    for _ in 0..<5000 {
      let bytes = (0..<Int.random(in: 0...24, using: &generator)).map { _ in
        generator.chance(3)
          ? UInt8.random(in: 0...127, using: &generator)
          : UInt8.random(in: 0x80...0xFF, using: &generator)
      }
      var writer = JSONWriter()
      writer.string(repairingUTF8: bytes)
      #expect(
        try JSONValue(parsing: writer.bytes).stringValue == String(decoding: bytes, as: UTF8.self))
    }
  }

  /// The same list, member by member.
  private func list(
    of numbers: [IndexedNumber], _ names: [String], isEmbedded: Bool
  ) -> [UInt8] {
    var writer = JSONWriter(isEmbedded: isEmbedded)
    writer.beginArray()
    for number in numbers {
      writer.beginObject()
      writer.key("class")
      writer.string(names[number.index])
      writer.key("p")
      writer.double(number.number)
      writer.endObject()
    }
    writer.endArray()
    writer.string("end")
    return writer.bytes
  }

  @Test(arguments: [0, 1, 63, 64, 65, 200], [false, true])
  func aListInPiecesIsThatOfItsMembers(count: Int, isEmbedded: Bool) {
    let values = [0.25, 1e-300, 0.1234567890123456, 0, -1, 1e-38, 1]
    let names = ["a \"b\" ü\n", "", String(repeating: "long ", count: 5_000), "c"]
    let numbers = (0..<count).map { index in
      IndexedNumber(index: index % 31 % 4, number: values[index % values.count])
    }
    var writer = JSONWriter(isEmbedded: isEmbedded)
    writer.array(
      of: numbers, JSONStrings(names), nameKey: JSONString("class"), numberKey: JSONString("p"))
    writer.string("end")
    #expect(writer.bytes == list(of: numbers, names, isEmbedded: isEmbedded))
  }

  @Test func aListBeyondItsLimitIsNotWrittenToItsEnd() {
    var writer = JSONWriter()
    writer.array(
      of: Array(repeating: IndexedNumber(index: 0, number: 0.5), count: 100_000),
      JSONStrings(["name"]), nameKey: JSONString("class"), numberKey: JSONString("p"),
      limitBytes: 10_000)
    #expect((10_001...20_000).contains(writer.bytes.count))
  }
}
