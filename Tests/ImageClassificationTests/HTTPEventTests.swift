import Foundation
import JSON
import TestSupport
import Testing

@Suite struct HTTPEventTests {
  private func answer(_ fixture: Fixture, _ event: String) throws -> JSONValue {
    guard case .answer(let answer) = fixture.say(event) else { throw Fixture.Unexpected() }
    return answer
  }

  @Test(arguments: ["http-api-image", "rest-api-image"])
  func anUploadedImageGoesToTheEndpointAsItCame(name: String) throws {
    let fixture = try Fixture()
    defer { fixture.stop() }
    let answer = try answer(fixture, try event(name))
    #expect(answer["statusCode"] == 200)
    let request = try #require(fixture.endpoint.requests.first)
    #expect(request.header("Content-Type") == "image/jpeg")
    #expect(request.body.starts(with: [0xFF, 0xD8, 0xFF]))
    #expect(fixture.s3.requests.isEmpty)
  }

  @Test func optionsAreAnsweredWithoutACall() throws {
    let fixture = try Fixture()
    defer { fixture.stop() }
    #expect(try answer(fixture, try event("function-url-options"))["statusCode"] == 204)
    #expect(fixture.endpoint.requests.isEmpty)
  }

  @Test(arguments: [
    ("GET", "application/json", "{}", 405), ("POST", "text/html", "x", 415),
    ("POST", "application/json", "not json", 400), ("POST", "application/json", "{}", 400),
    ("POST", "application/json", #"{"url":"https://example.com/a.jpg"}"#, 403),
  ])
  func aBadRequestGetsAStatusAndAReason(
    method: String, type: String, body: String, status: Int64
  ) throws {
    let fixture = try Fixture()
    defer { fixture.stop() }
    let answer = try answer(fixture, httpRequest(method, type: type, body: body))
    #expect(answer["statusCode"]?.int64Value == status)
    let reason = try JSONValue(parsing: answer["body"]?.stringValue ?? "")
    #expect(reason["error"]?["message"]?.stringValue?.isEmpty == false)
    #expect(fixture.endpoint.requests.isEmpty)
  }

  @Test func aURLIsTakenWhereTheConfigurationAllowsIt() throws {
    let fixture = try Fixture(environment: ["ALLOW_URL_INPUT": "1"])
    defer { fixture.stop() }
    let body = #"{"url":"https://example.com/a.jpg"}"#
    #expect(try answer(fixture, httpRequest(body: body))["statusCode"] == 200)
  }

  @Test func anUploadOverTheLimitIsRefused() throws {
    let fixture = try Fixture(environment: ["MAX_IMAGE_BYTES": "1000"])
    defer { fixture.stop() }
    #expect(try answer(fixture, try event("http-api-image"))["statusCode"] == 413)
    #expect(fixture.endpoint.requests.isEmpty)
  }

  @Test func aReplyOverTheLimitIsTheEndpointsFaultAndNotTheCallers() throws {
    let fixture = try Fixture(
      endpoint: [.raw("HTTP/1.1 200 OK\r\nContent-Length: 6291457\r\n\r\n")])
    defer { fixture.stop() }
    let answer = try answer(fixture, try event("http-api-image"))
    #expect(answer["statusCode"] == 502)
    #expect(answer["body"]?.stringValue?.contains("SageMaker.BodyTooLarge") == true)
  }

  @Test func aLargeAnswerIsCompressedForAClientThatTakesIt() throws {
    let values = (0..<133).map { "-\($0)" }.joined(separator: ",")
    let fixture = try Fixture(endpoint: [Answer(200, body: "[[\(values)]]")])
    defer { fixture.stop() }
    let event = try event("http-api-image").replacingOccurrences(
      of: #""headers": {"#, with: #""headers": {"accept-encoding": "br, gzip","#)
    let answer = try answer(fixture, event)
    #expect(answer["isBase64Encoded"] == true)
    #expect(answer["headers"]?["Content-Encoding"] == "gzip")
    let text = try #require(answer["body"]?.stringValue)
    let compressed = try #require(Data(base64Encoded: text))
    #expect(compressed.starts(with: [0x1F, 0x8B]))
    #expect(compressed.count < 4_000)
  }
}

/// References to images in requests, which are read with the permissions of the function.
@Suite struct HTTPReferenceTests {
  private static let domain = #","domainName":"abc.lambda-url.us-east-1.on.aws""#
  private static let caller = #","authorizer":{"iam":{"accountId":"123456789012"}}"#

  private func answer(
    _ fixture: Fixture, _ body: String, context: String = ""
  ) throws -> (status: Int64?, type: String?, message: String) {
    let event = httpRequest(body: body, context: context)
    guard case .answer(let answer) = fixture.say(event) else { throw Fixture.Unexpected() }
    let document = try JSONValue(parsing: answer["body"]?.stringValue ?? "")
    return (
      answer["statusCode"]?.int64Value, document["error"]?["type"]?.stringValue,
      document["error"]?["message"]?.stringValue ?? ""
    )
  }

  @Test(arguments: [
    consoleRequest, #"{"key":"rex.jpg"}"#, #"{"url":"s3://photos/rex.jpg"}"#,
    #"{"url":"rex.jpg"}"#,
  ])
  func anObjectIsRefusedUnlessTheConfigurationAllowsIt(body: String) throws {
    let fixture = try Fixture(environment: ["IMAGE_BUCKET": "private-bucket"])
    defer { fixture.stop() }
    let answer = try answer(fixture, body)
    #expect(answer.status == 403)
    #expect(answer.type == "Image.ForbiddenObject")
    #expect(!answer.message.contains("private-bucket"), "the default bucket is not revealed")
    #expect(!answer.message.contains("ALLOW_OBJECT_INPUT"), "advice is for the log")
    #expect(fixture.lines.all.contains { $0.contains("set ALLOW_OBJECT_INPUT=1") })
    #expect(fixture.s3.requests.isEmpty)
    #expect(fixture.endpoint.requests.isEmpty)
  }

  @Test(arguments: ["", caller, domain + caller])
  func anObjectIsReadWhereTheConfigurationAllowsIt(context: String) throws {
    let fixture = try Fixture(environment: ["ALLOW_OBJECT_INPUT": "1"])
    defer { fixture.stop() }
    #expect(try answer(fixture, consoleRequest, context: context).status == 200)
    #expect(fixture.s3.requests.count == 1)
  }

  @Test(arguments: [
    domain, domain + #","authorizer":null"#, domain + #","authorizer":{"iam":null}"#,
  ])
  func noSettingAllowsReferencesInRequestsWithoutAuthentication(context: String) throws {
    let fixture = try Fixture(
      environment: ["ALLOW_OBJECT_INPUT": "1", "ALLOW_URL_INPUT": "1"])
    defer { fixture.stop() }
    let object = try answer(fixture, consoleRequest, context: context)
    #expect(object.status == 403)
    #expect(object.type == "Image.ForbiddenObject")
    let url = try answer(fixture, #"{"url":"https://example.com/a.jpg"}"#, context: context)
    #expect(url.status == 403)
    #expect(url.type == "Image.ForbiddenURL")
    #expect(fixture.s3.requests.isEmpty)
    #expect(fixture.endpoint.requests.isEmpty)
  }

  @Test func theConsoleNeedsNoSetting() throws {
    let fixture = try Fixture()
    defer { fixture.stop() }
    #expect(try fixture.answer(consoleRequest).status == 200)
  }

  @Test func anAllowedReferenceInAnEventOfAFunctionURLIsRead() throws {
    let fixture = try Fixture(environment: ["ALLOW_OBJECT_INPUT": "1"])
    defer { fixture.stop() }
    guard case .answer(let answer) = fixture.say(try event("function-url-json")) else {
      throw Fixture.Unexpected()
    }
    #expect(answer["statusCode"] == 200)
    #expect(fixture.s3.requests.count == 1)
  }

  /// Lambda adds those of its configuration, and a browser refuses two.
  @Test(arguments: [
    (domain, false), (#","domainName":"abc.execute-api.us-east-1.amazonaws.com""#, true),
  ])
  func aFunctionURLGetsNoHeadersForOtherOrigins(context: String, hasThem: Bool) throws {
    let fixture = try Fixture()
    defer { fixture.stop() }
    for event in [
      httpRequest(type: "image/jpeg", context: context), httpRequest("GET", context: context),
      httpRequest("OPTIONS", context: context),
    ] {
      guard case .answer(let answer) = fixture.say(event) else { throw Fixture.Unexpected() }
      let names = answer["headers"]?.objectValue?.members.map { $0.key.lowercased() } ?? []
      #expect(names.contains { $0.hasPrefix("access-control-") } == hasThem)
    }
  }
}
