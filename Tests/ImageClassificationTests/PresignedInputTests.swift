import Foundation
import JSON
import SigV4
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
