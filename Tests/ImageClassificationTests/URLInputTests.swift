import JSON
import TestSupport
import Testing

@testable import ImageClassification

@Suite struct URLInputTests {
  @Test(arguments: [
    "https://example.com/dog.jpg", "http://example.com:8080/a?b=c#d", "HTTPS://EXAMPLE.COM/",
    "https://8.8.8.8/dog.jpg", "https://[2606:4700::1111]/dog.jpg", "https://1.2.3.example.com/",
    "https://0x.example.com/", "https://172.32.0.1/", "https://[::ffff:8.8.8.8]/",
  ])
  func aPublicURLIsHandedOn(url: String) {
    #expect(URLInput.problem(with: url) == nil)
  }

  @Test(arguments: [
    "https://127.0.0.1/", "https://127.1/", "https://2130706433/", "https://0x7f.0.0.1/",
    "https://0177.0.0.1/", "https://0x7f000001/", "https://017700000001/", "https://0/",
    "https://10.0.0.1/", "https://172.16.0.1/", "https://172.31.255.255/", "https://192.168.1.1/",
    "https://169.254.169.254/latest/meta-data", "https://169.254.170.2/", "https://100.64.0.1/",
    "https://[::1]/", "https://[::]/", "https://[fe80::1]/", "https://[fd00:ec2::254]/",
    "https://[::ffff:127.0.0.1]/", "https://[::ffff:7f00:1]/", "https://[64:ff9b::10.0.0.1]/",
    "https://[2002:7f00:1::]/", "https://[2001:db8::1]/", "https://localhost/",
    "https://LOCALHOST:80/", "https://a.localhost/", "https://localhost./", "https://127.0.0.1./",
  ])
  func whatIsNotPublicIsRefused(url: String) {
    let problem = URLInput.problem(with: url)
    #expect(problem == "is not a public address" || problem == "refers to this machine")
  }

  @Test(arguments: [
    "ftp://example.com/", "https://", "https:///a", "https://user@example.com/",
    "https://user:secret@example.com/", "https://[::1", "https://exam%70le.com/",
    "https://１２７.0.0.1/", "https://example.com\\@127.0.0.1/", "https://a b/", "https://[xyz]/",
  ])
  func aMalformedOneIsRefused(url: String) {
    #expect(URLInput.problem(with: url) != nil)
  }

  @Test func aForbiddenURLIsABadRequestAndNothingIsCalled() throws {
    let fixture = try Fixture()
    defer { fixture.stop() }
    let (status, body) = try fixture.answer(#"{"url":"http://169.254.169.254/latest"}"#)
    #expect(status == 400)
    #expect(body["error"]?["type"] == "Image.ForbiddenURL")
    #expect(fixture.endpoint.requests.isEmpty)
  }
}
