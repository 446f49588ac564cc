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

  @Test func bothFormatsOfAPlainResponseAreTheSame() {
    let response = ProxyResponse(statusCode: 200, body: Array("{}".utf8))
    #expect(response.serialized(for: .version1) == response.serialized())
    #expect(response.serialized(for: .version2) == response.serialized())
  }

  @Test func aGzippedResponseTravelsInBase64() {
    let response = ProxyResponse(statusCode: 200, body: Array("{}".utf8)).gzipped([0x1F, 0x8B])
    #expect(
      String(decoding: response.serialized(for: .version2), as: UTF8.self)
        == #"{"statusCode":200,"headers":{"Content-Type":"application/json","Access-Control-Allow-Origin":"*","#
        + #""Content-Encoding":"gzip","Vary":"Accept-Encoding"},"isBase64Encoded":true,"body":"H4s="}"#
    )
  }

  @Test func optionsAreAnsweredWith204AndWhatIsAllowed() throws {
    let answer = try JSONValue(parsing: ProxyResponse.options.serialized(for: .version2))
    #expect(answer["statusCode"] == 204)
    #expect(answer["body"] == "")
    #expect(answer["isBase64Encoded"] == false)
    #expect(answer["headers"]?["Allow"] == "OPTIONS, POST")
    #expect(answer["headers"]?["Access-Control-Allow-Methods"] == "OPTIONS, POST")
    #expect(answer["headers"]?["Access-Control-Allow-Origin"] == "*")
    #expect(
      answer["headers"]?["Access-Control-Allow-Headers"]?.stringValue?.contains("Content-Type")
        == true)
    #expect(answer["headers"]?["Content-Type"] == nil)
  }

  @Test func aMethodThatIsNotAllowedIsToldWhatIs() throws {
    let error = try #require(try RequestParts(method: "GET").request().content.failure)
    let response = ProxyResponse(statusCode: error.httpStatus, error: error, requestID: "1")
    let answer = try JSONValue(parsing: response.serialized(for: .version1))
    #expect(answer["statusCode"] == 405)
    #expect(answer["headers"]?["Allow"] == "OPTIONS, POST")
  }

  @Test func aLoadBalancerGetsItsHeadersWhereItReadsThem() throws {
    var response = ProxyResponse(statusCode: 200, body: [])
    response.headers = [.init("Vary", "Origin"), .init("X", "1"), .init("vary", "Accept")]
    let single = try JSONValue(parsing: response.serialized(for: .loadBalancer))
    #expect(single["headers"] == ["Vary": "Origin, Accept", "X": "1"])
    #expect(single["multiValueHeaders"] == nil)
    let multiple = try JSONValue(parsing: response.serialized(for: .loadBalancerMultiValue))
    #expect(multiple["headers"] == nil)
    #expect(multiple["multiValueHeaders"] == ["Vary": ["Origin", "Accept"], "X": ["1"]])
  }

  @Test func repeatedHeadersAreAListInFormat1AndJoinedIn2() throws {
    var response = ProxyResponse(statusCode: 200, body: [])
    response.headers = [.init("Vary", "Origin"), .init("X", "1"), .init("vary", "Accept")]
    let version1 = try JSONValue(parsing: response.serialized(for: .version1))
    #expect(version1["headers"] == ["X": "1"])
    #expect(version1["multiValueHeaders"] == ["Vary": ["Origin", "Accept"]])
    let version2 = try JSONValue(parsing: response.serialized(for: .version2))
    #expect(version2["headers"] == ["Vary": "Origin, Accept", "X": "1"])
    #expect(version2["multiValueHeaders"] == nil)
  }
}
