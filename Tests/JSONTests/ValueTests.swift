import JSON
import Testing

@Suite struct ValueTests {
  let event: JSONValue = [
    "Records": [["size": 328_016, "key": "a+b", "new": true, "old": .null, "ratio": 0.5]]
  ]

  @Test func subscriptsReachIntoObjectsAndArrays() {
    #expect(event["Records"]?[0]?["key"]?.stringValue == "a+b")
    #expect(event["Records"]?[0]?["size"]?.int64Value == 328_016)
    #expect(event["Records"]?[0]?["ratio"]?.doubleValue == 0.5)
    #expect(event["Records"]?[0]?["new"]?.boolValue == true)
    #expect(event["Records"]?[0]?["old"] == JSONValue.null)
    #expect(event["Records"]?.arrayValue?.count == 1)
    #expect(event.objectValue?.members.map(\.key) == ["Records"])
  }

  @Test func subscriptsOfTheWrongKindAreNil() {
    #expect(event["records"] == nil)
    #expect(event[0] == nil)
    #expect(event["Records"]?[1] == nil)
    #expect(event["Records"]?[-1] == nil)
    #expect(event["Records"]?["key"] == nil)
    #expect(event.stringValue == nil && event.doubleValue == nil && event.int64Value == nil)
    #expect(event.boolValue == nil && event.arrayValue == nil)
    #expect(JSONValue.null.objectValue == nil)
  }

  @Test func kindsAreNamedForMessages() {
    let values: [JSONValue] = [.null, true, 1, 1.5, "", [], [:]]
    #expect(
      values.map(\.kind) == [
        "null", "true or false", "a number", "a number", "a string", "an array", "an object",
      ])
  }

  @Test func aRepeatedKeyCountsWithItsLastValue() throws {
    let value = try JSONValue(parsing: #"{"a":1,"b":2,"a":3}"#)
    #expect(value["a"] == 3)
    #expect(value.objectValue?.members.count == 3)
    #expect(value.serialized() == Array(#"{"a":1,"b":2,"a":3}"#.utf8))
    #expect(value == ["b": 2, "a": 3])
  }

  @Test func membersKeepTheirOrderButEqualityIgnoresIt() throws {
    let value = try JSONValue(parsing: #"{"z":1,"a":2}"#)
    #expect(value.objectValue?.members.map(\.key) == ["z", "a"])
    #expect(value == ["a": 2, "z": 1])
    #expect(value != ["a": 2])
  }

  @Test func keysAreComparedAsUnicodeText() throws {
    // Precomposed and decomposed: equal in Swift, but irrelevant for AWS's ASCII keys.
    #expect(try JSONValue(parsing: "{\"\u{fc}\":1}")["u\u{308}"] == 1)
  }

  @Test func settingReplacesInPlaceOrAppends() {
    var object: JSONObject = ["a": 1, "b": 2, "a": 3]
    object.set("a", to: 4)
    object.set("c", to: 5)
    #expect(object.members.map(\.key) == ["a", "b", "c"])
    #expect(object["a"] == 4)
  }
}
