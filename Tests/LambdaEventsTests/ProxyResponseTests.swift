import JSON
import LambdaEvents
import Testing

@Suite struct ProxyResponseTests {
  @Test func aResponseHasTheFourKeysInOrder() {
    let response = ProxyResponse(statusCode: 200, body: Array(#"{"results":[]}"#.utf8))
    #expect(
      String(decoding: response.serialized(), as: UTF8.self)
        == #"{"statusCode":200,"headers":{"Content-Type":"application/json","Access-Control-Allow-Origin":"*"},"#
        + #""isBase64Encoded":false,"body":"{\"results\":[]}"}"#)
  }

  @Test func theBodyComesBackUnchanged() throws {
    let body = JSONValue.object(["class": "071.German_shepherd_dog", "text": "ü\"\\\n🐕"])
      .serialized()
    let read = try JSONValue(parsing: ProxyResponse(statusCode: 200, body: body).serialized())
    #expect(read["body"]?.stringValue.map { Array($0.utf8) } == body)
  }

  @Test func aBodyThatIsNotUTF8StillGivesAValidResponse() throws {
    let response = ProxyResponse(statusCode: 502, body: [0x22, 0xFF, 0x22])
    #expect(try JSONValue(parsing: response.serialized())["body"] == "\"\u{fffd}\"")
  }

  @Test func anErrorBodyHasTypeMessageAndRequestID() throws {
    let error = try #require(refusal(of: #"{"key":"a\nb"}"#))
    let response = ProxyResponse(
      statusCode: 400, error: error, requestID: "8476a536-e9f4-11e8-9739-2dfe598c3fcd")
    #expect(response.statusCode == 400)
    #expect(
      try JSONValue(parsing: response.body) == [
        "error": [
          "type": "Event.MissingBucket", "message": .string(error.message),
          "requestId": "8476a536-e9f4-11e8-9739-2dfe598c3fcd",
        ]
      ])
  }
}
