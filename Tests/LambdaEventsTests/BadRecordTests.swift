import LambdaEvents
import Testing

@Suite struct BadRecordTests {
  @Test(arguments: [
    (#"{"Records":{}}"#, "Event.MalformedField", "Records must be an array, not an object"),
    (#"{"Records":"x"}"#, "Event.MalformedField", "Records must be an array, not a string"),
    (#"{"Records":null}"#, "Event.MalformedField", "Records must be an array, not null"),
    (#"{"Records":[]}"#, "Event.NoRecords", "Records is empty; " + acceptedShapes),
    (#"{"Records":[1]}"#, "Event.MalformedField", "Records[0] must be an object, not a number"),
    (#"{"Records":[null]}"#, "Event.MalformedField", "Records[0] must be an object, not null"),
    (#"{"Records":[{}]}"#, "Event.MissingField", "Records[0].s3 is missing; " + acceptedShapes),
    (
      #"{"Records":[{"eventSource":"aws:s3"}]}"#, "Event.MissingField",
      "Records[0].s3 is missing; " + acceptedShapes
    ),
    (
      #"{"Records":[{"s3":[]}]}"#, "Event.MalformedField",
      "Records[0].s3 must be an object, not an array"
    ),
    (#"{"Records":[{"s3":{}}]}"#, "Event.MissingField", "Records[0].s3.bucket is missing"),
    (
      #"{"Records":[{"s3":{"bucket":"b"}}]}"#, "Event.MalformedField",
      "Records[0].s3.bucket must be an object, not a string"
    ),
    (
      #"{"Records":[{"s3":{"bucket":{}}}]}"#, "Event.MissingField",
      "Records[0].s3.bucket.name is missing"
    ),
    (
      #"{"Records":[{"s3":{"bucket":{"name":""}}}]}"#, "Event.MissingField",
      "Records[0].s3.bucket.name is empty"
    ),
    (
      #"{"Records":[{"s3":{"bucket":{"name":7}}}]}"#, "Event.MalformedField",
      "Records[0].s3.bucket.name must be a string, not a number"
    ),
    (
      #"{"Records":[{"s3":{"bucket":{"name":"b"}}}]}"#, "Event.MissingField",
      "Records[0].s3.object is missing"
    ),
  ])
  func recordsWithoutAnObjectAreRefused(text: String, type: String, message: String) {
    let error = refusal(of: text)
    #expect(error?.errorType == type)
    #expect(error?.message == message)
    #expect(error?.isConsoleRequest == false)
  }

  @Test(arguments: [
    (#"{}"#, "Event.MissingField", "is missing"),
    (#"{"key":null}"#, "Event.MissingField", "is missing"),
    (#"{"key":""}"#, "Event.MissingField", "is empty"),
    (#"{"key":true}"#, "Event.MalformedField", "must be a string, not true or false"),
  ])
  func recordsWithoutAKeyAreRefused(object: String, type: String, what: String) {
    let error = refusal(of: s3Event(object: object))
    #expect(error?.errorType == type)
    #expect(error?.message == "Records[0].s3.object.key \(what)")
  }

  @Test func aRecordThatIsWrongIsNamedAndTheOthersAreRead() throws {
    let good = #"{"s3":{"bucket":{"name":"b"},"object":{"key":"k"}}}"#
    let bad = #"{"s3":{"bucket":{"name":"b"},"object":{"size":1}}}"#
    let outcomes = outcomes(in: try decode("{\"Records\":[\(good),\(bad),\(good)]}"))
    #expect(outcomes.map(\.success?.object.key) == ["k", nil, "k"])
    #expect(outcomes[1].failure?.message == "Records[1].s3.object.key is missing")
  }

  @Test func moreRecordsThanAnySourceSendsAreRefused() {
    let text =
      "{\"Records\":[" + [String](repeating: "{}", count: 10_001).joined(separator: ",") + "]}"
    let error = refusal(of: text)
    #expect(error?.errorType == "Event.TooManyRecords")
    #expect(error?.message == "Records has 10001 elements; the limit is 10000")
  }

  @Test(arguments: ["versionId", "key"]) func whatDecidesWhichObjectIsReadMustBeAString(
    name: String
  ) {
    let error = refusal(of: s3Event(object: #"{"key":"k","\#(name)":{}}"#))
    #expect(error?.message == "Records[0].s3.object.\(name) must be a string, not an object")
  }

  @Test(arguments: ["eventName", "eventSource", "eventVersion"])
  func whatDecidesHowARecordIsReadMustBeAString(name: String) {
    let error = refusal(of: s3Event(object: #"{"key":"k"}"#, members: #""\#(name)":2.1"#))
    #expect(error?.message == "Records[0].\(name) must be a string, not a number")
  }

  @Test(arguments: [
    ("eventSource", "aws:dynamodb"), ("EventSource", "aws:kinesis"), ("eventSource", "minio:s3"),
  ])
  func recordsOfAnotherSourceAreRefusedByName(field: String, source: String) {
    let error = refusal(
      of: #"{"Records":[{"messageId":"1","body":"{}","\#(field)":"\#(source)"}]}"#)
    #expect(error?.errorType == "Event.Unknown")
    #expect(
      error?.message == "Records[0].\(field) is \"\(source)\", not \"aws:s3\"; \(acceptedShapes)")
  }

  @Test func controlCharactersOfAKeyAreEscapedInTheMessage() {
    let error = refusal(of: s3Event(object: #"{"key":"a\n%ZZ"}"#))
    #expect(
      error?.message
        == #"Records[0].s3.object.key "a\n%ZZ" cannot be decoded: "%ZZ" is not a percent-encoded byte"#
    )
  }

  @Test func anOverlongKeyIsCutInTheMessage() {
    let error = refusal(
      of: s3Event(object: #"{"key":"%ZZ\#(String(repeating: "x", count: 100_000))"}"#))
    #expect(error?.message.utf8.count ?? 0 < 1200)
  }
}
