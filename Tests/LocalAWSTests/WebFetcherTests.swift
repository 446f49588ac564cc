import Foundation
import JSON
import LocalAWS
import LoopbackServer
import TestSupport
import Testing

/// A web of loopback servers: `photos.example` and the like resolve to this machine, whose addresses the tests allow or
/// refuse.
private final class Web: Sendable {
  let server: LoopbackServer
  let authorities: URL
  /// Host names and the loopback address that each leads to, with the port of the request.
  private let addresses: [(host: String, port: UInt16, address: String)]

  init(
    names: [String: String] = ["photos.example": "127.0.0.1"],
    _ answer: @escaping LoopbackServer.Handler
  ) throws {
    let authority = try PrivateCertificateAuthority()
    let certificate = try authority.serverCertificate(for: ["photos.example", "other.example"])
    let layer = try TLSLayer(certificate: certificate)
    server = try LoopbackServer(wrap: layer.accept, handler: answer)
    authorities = FileManager.default.temporaryDirectory.appendingPathComponent(
      "web-\(UUID().uuidString).pem")
    try Data(authority.rootPEM.utf8).write(to: authorities)
    let port = server.port
    addresses = names.map { (host: $0.key, port: port, address: $0.value) }
  }

  deinit {
    server.stop()
    try? FileManager.default.removeItem(at: authorities)
  }

  func url(_ path: String, host: String = "photos.example") -> String {
    "https://\(host):\(server.port)\(path)"
  }

  /// Trusts this web, and takes 127.0.0.1 for an address of the Internet.
  func fetcher(
    allowing allowed: [String] = ["127.0.0.1"],
    _ change: (inout WebFetcher.Limits) -> Void = { _ in }
  ) -> WebFetcher {
    var limits = WebFetcher.Limits()
    change(&limits)
    var network = WebFetcher.Network()
    network.trustedAuthorities = authorities.path
    network.addresses = addresses.map { "\($0.host):\($0.port):\($0.address)" }
    network.allows = { allowed.contains($0.description) }
    return WebFetcher(userAgent: "test", limits: limits, network: network)
  }
}

@Suite struct WebFetcherTests {
  private func failure(_ fetcher: WebFetcher, _ url: String) -> String {
    do throws(WebFetchError) {
      _ = try fetcher.fetch(url)
      return ""
    } catch {
      return error.description
    }
  }

  @Test func imageIsReadThroughARedirect() throws {
    let web = try Web { request, connection in
      if request.path == "/old.jpg" {
        return try connection.send(status: 302, headers: [("Location", "/new.jpg")], body: [])
      }
      try connection.send(status: 200, headers: [], body: Array("bytes of \(request.path)".utf8))
    }
    #expect(try web.fetcher().fetch(web.url("/old.jpg")) == Array("bytes of /new.jpg".utf8))
  }

  @Test func addressThatIsNotPublicIsRefusedBeforeAnythingIsSent() throws {
    let paths = Recorder<String>()
    let web = try Web { request, connection in
      paths.add(request.path)
      try connection.send(status: 200, headers: [], body: [])
    }
    let words = failure(web.fetcher(allowing: []), web.url("/a.jpg"))
    #expect(
      words
        == "The URL was not fetched: its host leads to 127.0.0.1, which is not a public address.")
    #expect(paths.all.isEmpty)
  }

  @Test func withoutARuleForTestsLoopbackIsRefused() {
    let fetcher = WebFetcher(userAgent: "test")
    for host in ["127.0.0.1", "[::1]", "10.0.0.1", "169.254.169.254", "[::ffff:10.0.0.1]"] {
      #expect(
        failure(fetcher, "https://\(host):9/a.jpg").contains("is not a public address"), "\(host)")
    }
  }

  @Test func nameThatLeadsElsewhereAfterARedirectIsRefused() throws {
    let web = try Web(names: ["photos.example": "127.0.0.1", "other.example": "127.0.0.2"]) {
      request, connection in
      let port = request.header("Host")?.split(separator: ":").last ?? ""
      try connection.send(
        status: 302, headers: [("Location", "https://other.example:\(port)/secret.jpg")], body: [])
    }
    #expect(
      failure(web.fetcher(), web.url("/a.jpg"))
        == "The URL was not fetched: its redirect leads to 127.0.0.2, which is not a public address."
    )
  }

  /// DNS rebinding: the same name has a public address first, and a private one when it is resolved again.
  @Test func nameThatIsResolvedAgainToAPrivateAddressIsRefused() throws {
    let secret = try LoopbackServer { _, connection in
      Issue.record("the private server was reached")
      connection.close()
    }
    defer { secret.stop() }
    let web = try Web { _, connection in
      try connection.send(
        status: 302, headers: [("Location", "https://photos.example:\(secret.port)/secret.jpg")],
        body: [])
    }
    var network = WebFetcher.Network()
    network.trustedAuthorities = web.authorities.path
    network.addresses = [
      "photos.example:\(web.server.port):127.0.0.1", "photos.example:\(secret.port):127.0.0.2",
    ]
    network.allows = { $0.description == "127.0.0.1" }
    let fetcher = WebFetcher(userAgent: "test", network: network)
    #expect(failure(fetcher, web.url("/a.jpg")).contains("its redirect leads to 127.0.0.2"))
  }

  @Test(arguments: ["http://photos.example/a.jpg", "file:///etc/passwd", "ftp://photos.example/a"])
  func otherSchemesAreRefused(url: String) {
    #expect(
      failure(WebFetcher(userAgent: "test"), url)
        == "The URL was not fetched: it must begin with https://.")
  }

  @Test(arguments: ["http://photos.example/a.jpg", "file:///etc/passwd"])
  func redirectToAnotherSchemeIsRefused(location: String) throws {
    let web = try Web { _, connection in
      try connection.send(status: 302, headers: [("Location", location)], body: [])
    }
    #expect(
      failure(web.fetcher(), web.url("/a.jpg"))
        == "The URL was not fetched: its server redirects away from https.")
  }

  @Test func endlessRedirectsTooLargeImagesAndErrorsAreDescribed() throws {
    let web = try Web { request, connection in
      switch request.path {
      case "/loop": try connection.send(status: 302, headers: [("Location", "/loop")], body: [])
      case "/large":
        try connection.send(status: 200, headers: [], body: [UInt8](repeating: 0, count: 2 << 20))
      default: try connection.send(status: 404, headers: [], body: [])
      }
    }
    #expect(failure(web.fetcher(), web.url("/loop")).contains("redirects more than 5 times"))
    let small = web.fetcher { $0.maximumBytes = 1 << 20 }
    #expect(failure(small, web.url("/large")).contains("is larger than 1 MiB"))
    #expect(failure(web.fetcher(), web.url("/none")).contains("its server answered 404"))
  }

  @Test func silentServerIsGivenUpAfterTheLimit() throws {
    let web = try Web { _, connection in _ = connection.waitUntilClientIsGone() }
    let fetcher = web.fetcher { $0.timeoutMilliseconds = 1000 }
    #expect(failure(fetcher, web.url("/a.jpg")) == "The URL was not fetched within 1 s.")
  }

  @Test func nameThatDoesNotExistExplainsTheNetwork() {
    let words = failure(WebFetcher(userAgent: "test"), "https://photos.invalid/a.jpg")
    #expect(words.contains("its host name cannot be resolved"))
  }

  @Test func certificateOfAnUnknownAuthorityIsRefused() throws {
    let web = try Web { _, connection in try connection.send(status: 200, headers: [], body: []) }
    var network = WebFetcher.Network()
    network.addresses = ["photos.example:\(web.server.port):127.0.0.1"]
    network.allows = { _ in true }
    let fetcher = WebFetcher(userAgent: "test", network: network)
    #expect(failure(fetcher, web.url("/a.jpg")).contains("certificate"))
  }

  @Test func builtInModelReadsTheWebAndReportsInOurWords() throws {
    let photograph = Array(
      try Data(
        contentsOf: Repository.root.appendingPathComponent(
          "events/objects/dog-photos/uploads/mixed-breed.jpg")))
    let web = try Web { request, connection in
      let isThere = request.path == "/rex.jpg"
      try connection.send(
        status: isThere ? 200 : 404, headers: [], body: isThere ? photograph : [])
    }
    let fixture = try LocalAWSFixture(model: BuiltInModel()) { $0.web = web.fetcher() }
    let ask = { (fixture: LocalAWSFixture, url: String) in
      try fixture.invoke(
        body: (["url": .string(url)] as JSONValue).serialized(),
        headers: [("Content-Type", "application/json")])
    }
    let found = try ask(fixture, web.url("/rex.jpg"))
    #expect(found.status == 200)
    #expect(try JSONValue(parsing: found.body)[0]?.arrayValue?.count == 118)
    let missing = try JSONValue(parsing: ask(fixture, web.url("/none.jpg")).body)
    #expect(missing["OriginalStatusCode"] == 424)
    #expect(missing["OriginalMessage"] == "The URL was not fetched: its server answered 404.")
    let offline = try LocalAWSFixture(model: BuiltInModel()) { $0.containerNote = "Local." }
    let refused = try JSONValue(parsing: ask(offline, web.url("/rex.jpg")).body)
    #expect(refused["Message"]?.stringValue?.contains("because of --offline") == true)
    #expect(refused["Message"]?.stringValue?.hasSuffix(" Local.") == true)
  }
}
