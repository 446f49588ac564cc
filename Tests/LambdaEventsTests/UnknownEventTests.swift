import JSON
import LambdaEvents
import Testing

@Suite struct UnknownEventTests {
  @Test(arguments: [
    ("", "the event is not JSON: a value is missing at byte 0"),
    ("hello", "the event is not JSON: 'h' does not begin a value at byte 0"),
    (#"{"Records":[],}"#, "the event is not JSON: the key of a member is missing at byte 14"),
    (
      "{\"url\":\"a\u{1}\"}",
      "the event is not JSON: byte 0x01 in a string must be escaped at byte 9"
    ),
    ("<xml/>", "the event is not JSON: '<' does not begin a value at byte 0"),
  ])
  func whatIsNotJSONIsRefusedWithThePlace(text: String, message: String) {
    let error = refusal(of: text)
    #expect(error?.errorType == "Event.NotJSON")
    #expect(error?.message == "\(message); \(acceptedShapes)")
    #expect(error?.isConsoleRequest == false)
  }

  @Test func bytesThatAreNotUTF8AreNotJSON() {
    let error = #expect(throws: EventError.self) {
      try LambdaEvent.decode(
        Array(#"{"url":""#.utf8) + [0xFF] + Array(#""}"#.utf8), defaultBucket: nil)
    }
    #expect(
      error?.message == "the event is not JSON: a string is not UTF-8 at byte 8; \(acceptedShapes)")
  }

  @Test func nestingWithoutEndIsNotJSON() {
    let error = refusal(of: String(repeating: "[", count: 100_000))
    #expect(
      error?.message
        == "the event is not JSON: arrays and objects are nested deeper than 512 levels at byte 512; "
        + acceptedShapes
    )
  }

  @Test func aByteOrderMarkIsSkipped() throws {
    let event = #"{"Records":[{"s3":{"bucket":{"name":"b"},"object":{"key":"k"}}}]}"#
    #expect(try objects(in: decode("\u{FEFF}" + event)).map(\.key) == ["k"])
    let message =
      #"{"Records":[{"EventSource":"aws:sns","Sns":{"Message":"#
      + (try quoted("\u{FEFF}" + event)) + "}}]}"
    #expect(try objects(in: decode(message)).map(\.key) == ["k"])
  }

  private func quoted(_ text: String) throws -> String {
    String(decoding: JSONValue.string(text).serialized(), as: UTF8.self)
  }

  @Test func recordsOfOtherServicesAreRefusedWithTheAcceptedShapes() {
    for event in [
      #"{"Records":[{"cf":{"config":{"eventType":"viewer-request"}}}]}"#,
      #"{"Records":[{"eventSource":"aws:dynamodb","dynamodb":{}}]}"#,
    ] {
      guard case .s3(let outcomes)? = try? decode(event) else {
        Issue.record("\(event) is refused as a whole")
        continue
      }
      #expect(outcomes[0].failure?.message.hasSuffix(acceptedShapes) == true)
    }
  }

  @Test(arguments: [
    ("[]", "an array"), (#"[{"key":"a"}]"#, "an array"), ("1", "a number"),
    (#""a.jpg""#, "a string"),
    ("null", "null"), ("true", "true or false"),
  ])
  func whatIsNoObjectIsRefusedWithTheAcceptedShapes(text: String, kind: String) {
    let error = refusal(of: text, defaultBucket: "b")
    #expect(error?.errorType == "Event.Unknown")
    #expect(error?.message == "the event is \(kind), not an object; \(acceptedShapes)")
  }

  @Test(arguments: [
    ("{}", "it has no members"),
    (#"{"records":[]}"#, #"it has the members "records""#),
    (#"{"Event":"s3:Other","Bucket":"b"}"#, #"it has the members "Event", "Bucket""#),
    (#"{"source":"aws.s3","detail":{}}"#, #"it has the members "source", "detail""#),
    (#"{"version":"2.0","rawPath":"/"}"#, #"it has the members "version", "rawPath""#),
    (#"{"httpMethod":"POST","body":"x"}"#, #"it has the members "httpMethod", "body""#),
    (
      #"{"a":1,"b":1,"c":1,"d":1,"e":1,"f":1,"g":1,"h":1,"i":1}"#,
      #"it has the members "a", "b", "c", "d", "e", "f", "g", "h""#
    ),
  ])
  func anObjectOfNoKnownShapeIsRefusedWithTheAcceptedShapes(text: String, members: String) {
    let error = refusal(of: text, defaultBucket: "b")
    #expect(error?.errorType == "Event.Unknown")
    #expect(error?.message == "the event has an unknown shape, \(members); \(acceptedShapes)")
    #expect(error?.isConsoleRequest == false)
  }

  @Test func anS3TestEventWithoutABucketIsRefused() {
    #expect(refusal(of: #"{"Event":"s3:TestEvent"}"#)?.message == "Bucket is missing")
  }
}
