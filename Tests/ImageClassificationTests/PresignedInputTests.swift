import Foundation
import JSON
import Platform
import SigV4
import SignatureVerification
import TestSupport
import Testing

@Suite struct PresignedInputTests {
  @Test func theContainerGetsAURLThatS3WouldAccept() throws {
    let fixture = try Fixture(environment: ["INPUT_MODE": "presigned-url"])
    defer { fixture.stop() }
    let body = try fixture.answer(notification("uploads/a+b%2Bc%C3%BC.jpg")).body
    #expect(body["results"]?[0]?["source"]?["key"] == "uploads/a b+cü.jpg")
    #expect(fixture.s3.requests.isEmpty, "the function itself reads nothing")

    let request = try #require(fixture.endpoint.requests.first)
    #expect(request.header("Content-Type") == "application/json")
    let url = try #require(try JSONValue(parsing: request.body)["url"]?.stringValue)
    #expect(url.hasPrefix(fixture.s3.baseURL + "/photos/uploads/a%20b%2Bc%C3%BC.jpg?"))
    #expect(url.contains("X-Amz-Expires=900"))
    let verifier = SignatureVerifier { id in
      AWSCredentials(accessKeyID: id, secretAccessKey: "SECRET", sessionToken: "TOKEN")
    }
    try verifier.verify(
      method: "GET", target: String(url.dropFirst(fixture.s3.baseURL.count)),
      headers: [
        HeaderField(name: "Host", value: String(fixture.s3.baseURL.dropFirst("http://".count)))
      ], body: [], service: "s3", region: "us-east-1",
      at: SigningTime(unixSeconds: Int64(Date().timeIntervalSince1970)))
  }

  @Test(arguments: [
    ("2023-11-03T20:25:17Z", 300), ("2023-11-03T21:25:17+01:00", 300),
    ("2023-11-03T20:20:17Z", 1), ("2024-01-01T00:00:00Z", 900), ("soon", 900),
  ])
  func theURLIsGoodNoLongerThanTheCredentialsAre(expiration: String, seconds: Int) throws {
    let fixture = try Fixture(
      environment: ["INPUT_MODE": "presigned-url", "AWS_CREDENTIAL_EXPIRATION": expiration],
      clock: Clock(
        unixMilliseconds: { 1_699_042_817_000 }, monotonicMilliseconds: { 0 }, sleep: { _ in }))
    defer { fixture.stop() }
    _ = try fixture.answer(notification("a.jpg"))
    let request = try #require(fixture.endpoint.requests.first)
    let url = try #require(try JSONValue(parsing: request.body)["url"]?.stringValue)
    #expect(url.contains("X-Amz-Expires=\(seconds)&"))
  }

  @Test func noPartOfTheURLsSignatureIsLoggedOrAnswered() throws {
    let failing = Answer(400, [("x-amzn-ErrorType", "ValidationError")], body: "{}")
    let fixture = try Fixture(
      endpoint: [failing], environment: ["INPUT_MODE": "presigned-url"])
    defer { fixture.stop() }
    let error = try fixture.failure(notification("a.jpg"))
    #expect(!error.message.contains("X-Amz"))
    #expect(fixture.lines.all.allSatisfy { !$0.contains("X-Amz") })
  }
}
