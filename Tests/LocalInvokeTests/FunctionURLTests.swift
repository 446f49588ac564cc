import Foundation
import JSON
import LoopbackServer
import RuntimeEmulator
import TestSupport
import Testing

@testable import local_invoke

@Suite struct FunctionURLTests {
  @Test func curlWithAPhotographGetsItsClass() throws {
    let function = try ServedFunction()
    // What curl --data-binary sends.
    let response = try function.send(
      "POST", "/", [("Accept", "*/*"), ("Content-Type", "application/x-www-form-urlencoded")],
      body: photograph())
    #expect(response.status == 200, "\(response.text)")
    #expect(response.head.contains("content-type: application/json"))
    #expect(try response.json["results"]?[0]?["class"]?.stringValue?.isEmpty == false)
    let event = try function.call("GET", "invocation?number=1").json
    #expect(event["trigger"] == "functionURL")
    #expect(event["kind"] == "HTTP")
  }

  @Test func whatIsNotAPhotographGetsTheFunctionsOwnRefusal() throws {
    let function = try ServedFunction()
    let response = try function.send(
      "POST", "/", [("Content-Type", "application/x-www-form-urlencoded")], body: Array("a=b".utf8))
    #expect(response.status == 415)
    #expect(response.text.contains("accepted: image/jpeg"))
    #expect(try function.send("GET", "/", [("Accept", "*/*")]).status == 405)
    let large = [UInt8](repeating: 0, count: 5_000_000)
    let tooLarge = try function.send("POST", "/", [("Content-Type", "image/jpeg")], body: large)
    #expect(tooLarge.status == 413)
  }

  @Test func aRequestBecomesAnEventOfVersionTwo() throws {
    let request = ReceivedHTTPRequest(
      method: "POST", target: "/a%20b?x=1&y=2",
      headers: [
        (name: "Host", value: "127.0.0.1:9001"), (name: "X-A", value: "1"),
        (name: "x-a", value: "2"),
        (name: "Cookie", value: "c=1; d=2"), (name: "Content-Type", value: "application/json"),
        (name: "Connection", value: "close"),
      ], body: Array("{}".utf8))
    let event = try JSONValue(
      parsing: FunctionURLEvent.event(of: request, region: "eu-west-1", time: Date()))
    #expect(event["version"] == "2.0")
    #expect(event["rawPath"] == "/a b")
    #expect(event["rawQueryString"] == "x=1&y=2")
    #expect(event["headers"]?["x-a"] == "1,2")
    #expect(
      event["headers"]?["host"]?.stringValue?.hasSuffix(".lambda-url.eu-west-1.on.aws") == true)
    #expect(event["headers"]?["connection"] == nil)
    #expect(event["headers"]?["cookie"] == nil)
    #expect(event["cookies"] == ["c=1", "d=2"])
    #expect(event["body"] == "{}")
    #expect(event["isBase64Encoded"] == false)
    #expect(event["requestContext"]?["http"]?["method"] == "POST")
    var binary = request
    binary.body = [0xFF]
    let second = try JSONValue(
      parsing: FunctionURLEvent.event(of: binary, region: "eu-west-1", time: Date()))
    #expect(second["body"] == "/w==")
    #expect(second["isBase64Encoded"] == true)
  }

  private func response(_ answer: String, isError: Bool = false) -> FunctionURLResponse {
    let payload = Array(answer.utf8)
    return FunctionURLResponse(
      InvocationOutcome(
        requestID: "r", result: isError ? .error(type: "T", payload: payload) : .success(payload),
        durationMilliseconds: 1))
  }

  @Test func anAnswerBecomesAResponse() {
    let made = response(
      "{\"statusCode\":201,\"headers\":{\"X-A\":\"1\",\"Content-Length\":\"99\"},\"cookies\":[\"c=1\"],"
        + "\"body\":\"aGk=\",\"isBase64Encoded\":true}")
    #expect(made.status == 201)
    #expect(made.body == Array("hi".utf8))
    #expect(
      made.headers.map { "\($0.0): \($0.1)" } == [
        "X-A: 1", "Set-Cookie: c=1", "x-amzn-RequestId: r",
      ])
    let inferred = response("{\"a\":1}")
    #expect(inferred.status == 200)
    #expect(inferred.body == Array("{\"a\":1}".utf8))
  }

  @Test(arguments: [
    "{\"statusCode\":\"200\"}", "{\"statusCode\":99}",
    "{\"statusCode\":200,\"headers\":{\"A\":\"1\\r\\nB: 2\"}}",
    "{\"statusCode\":200,\"headers\":{\"A: 1\\r\\nB\":\"2\"}}",
    "{\"statusCode\":200,\"cookies\":[\"a\\nb\"]}",
    "{\"statusCode\":200,\"body\":\"!\",\"isBase64Encoded\":true}", "not JSON",
  ])
  func anAnswerThatIsNotAResponseIs502(answer: String) {
    #expect(response(answer).status == 502)
  }

  @Test func aFailedInvocationIs502WithoutItsReason() {
    let made = response("{\"errorMessage\":\"secret\"}", isError: true)
    #expect(made.status == 502)
    #expect(made.body == Array("Internal Server Error".utf8))
  }
}
