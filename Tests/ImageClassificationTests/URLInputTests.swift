import Foundation
import JSON
import TestSupport
import Testing

@testable import ImageClassification

@Suite struct URLInputTests {
  @Test(arguments: [
    "https://example.com/dog.jpg", "http://example.com:8080/a?b=c#d", "HTTPS://EXAMPLE.COM/",
    "https://8.8.8.8/dog.jpg", "https://[2606:4700::1111]/dog.jpg", "https://1.2.3.example.com/",
    "https://0x.example.com/", "https://172.32.0.1/", "https://[::ffff:8.8.8.8]/",
    "https://example.com./", "https://example.com:/", "https://[2606:4700::1111]:443/",
    "https://internal.example.com/", "https://example.com/a@b", "https://example.com?a=https://b@c",
  ])
  func aPublicURLIsHandedOn(url: String) {
    #expect(URLInput.problem(with: url) == nil)
  }

  @Test(arguments: [
    "https://127.0.0.1/", "https://10.0.0.1/", "https://172.16.0.1/", "https://172.31.255.255/",
    "https://192.168.1.1/", "https://169.254.169.254/latest/meta-data", "https://169.254.170.2/",
    "https://100.64.0.1/", "https://192.88.99.1/", "https://[::1]/", "https://[::]/",
    "https://[fe80::1]/", "https://[fd00:ec2::254]/", "https://[::ffff:127.0.0.1]/",
    "https://[::ffff:7f00:1]/", "https://[64:ff9b::10.0.0.1]/", "https://[2002:7f00:1::]/",
    "https://[2001:db8::1]/", "https://[2001::1]/", "https://[3fff::1]/", "https://127.0.0.1./",
    "https://169.254.169.254./", "https://[::8.8.8.8]/", "https://[64:ff9b:1::8.8.8.8]/",
  ])
  func anAddressThatIsNotPublicIsRefused(url: String) {
    #expect(URLInput.problem(with: url) == "is not a public address")
  }

  @Test(arguments: [
    "https://localhost/", "https://LOCALHOST:80/", "https://a.localhost/", "https://localhost./",
    "https://ip6-localhost/", "https://ip6-loopback/", "https://instance-data/latest",
    "https://metadata.google.internal/", "https://ip-10-0-0-1.ec2.internal/",
    "https://METADATA.GOOGLE.INTERNAL./", "https://printer.local/", "https://router.home.arpa/",
    "https://localhost.localdomain/", "https://wiki.corp/",
  ])
  func aNameOfAPrivateNetworkIsRefused(url: String) {
    #expect(URLInput.problem(with: url) == "is not a public name")
  }

  /// The last label is a number, so that the URL Standard takes the host for an address, or refuses it.
  @Test(arguments: [
    "https://010.0.0.1/", "https://127.1/", "https://2130706433/", "https://0x7f.0.0.1/",
    "https://0177.0.0.1/", "https://0x7f000001/", "https://017700000001/", "https://0/",
    "https://8.8.2056/", "https://8.8.8.08/", "https://1.2.3.4.5/", "https://256.1.1.1/",
    "https://example.1/", "https://example.0x1/", "https://example.0x/", "https://10.1.1.0x1/",
    "https://1.2.3.999999999999999999999/", "https://example.09./",
  ])
  func aHostThatEndsInANumberMustBeAnAddressThatEveryProgramReadsAlike(url: String) {
    #expect(
      URLInput.problem(with: url)
        == "has a host that programs read as different addresses, or as none")
  }

  @Test(arguments: [
    "ftp://example.com/", "https://", "https:///a", "https://user@example.com/",
    "https://user:secret@example.com/", "https://[::1", "https://exam%70le.com/",
    "https://１２７.0.0.1/", "https://example.com\\@127.0.0.1/", "https://a b/", "https://[xyz]/",
    "https://169.254.169.254../", "https://example..com/", "https://.example.com/", "https://./",
    "https://example.com:65536/", "https://example.com:80x/", "https://example.com:1:2/",
    "https://[2606:4700::1111]x/", "https://[fe80::1%25eth0]/", "https://ex!ample.com/",
    "https://b\u{FC}cher.example/", "https://example.com\u{3002}internal/",
  ])
  func aMalformedOneIsRefused(url: String) {
    #expect(URLInput.problem(with: url) != nil)
  }

  private struct Case {
    let input: String
    /// Nil where parsing must fail.
    let hostname: String?
  }

  /// Fixtures/url-hosts/README.md.
  private func publicCases() throws -> [Case] {
    let url = Repository.root.appendingPathComponent(
      "Tests/ImageClassificationTests/Fixtures/url-hosts/urltestdata-hosts.json")
    let document = try JSONValue(parsing: Array(Data(contentsOf: url)))
    return (document.arrayValue ?? []).map {
      Case(input: $0["input"]?.stringValue ?? "", hostname: $0["hostname"]?.stringValue)
    }
  }

  @Test func aURLIsAllowedOnlyWithTheHostThatTheURLStandardFinds() throws {
    let cases = try publicCases()
    #expect(cases.count == 342)
    for `case` in cases where URLInput.problem(with: `case`.input) == nil {
      let authority = `case`.input.split(separator: "/")[1].prefix { $0 != "?" && $0 != "#" }
      let written = authority.prefix { $0 != ":" }.lowercased()
      // Whether the Punycode of a label is valid is left to the resolver: the host is the same.
      if written.contains("xn--") { continue }
      #expect(
        `case`.hostname == written || `case`.hostname.map { $0 + "." } == written, "\(`case`.input)"
      )
    }
  }

  @Test func aPlainPublicHostOfTheURLStandardIsAllowed() throws {
    let plain = try publicCases().filter {
      $0.input.allSatisfy { $0.isASCII && $0 > " " && $0 != "\\" && $0 != "\u{7F}" }
        && $0.hostname?.wholeMatch(of: /[a-z0-9-]+(\.[a-z0-9-]+)*\.[a-z]+|1\.2\.3\.4/) != nil
        && $0.input.lowercased().contains("//\($0.hostname ?? "")")
    }
    #expect(plain.count > 40)
    for `case` in plain { #expect(URLInput.problem(with: `case`.input) == nil, "\(`case`.input)") }
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
