import Foundation
import HTTPClient
import LoopbackServer
import Platform
import TestSupport
import Testing

/// Which chains of certificates are accepted, whatever the store decodes late.
@Suite struct ChainTests {
  private func server(_ certificate: ServerCertificate) throws -> LoopbackServer {
    let layer = try TLSLayer(certificate: certificate)
    return try LoopbackServer(wrap: layer.accept) { _, connection in
      try connection.send(status: 200, body: [42])
    }
  }

  /// Whether a client that trusts these certificates accepts the server.
  private func accepts(_ certificate: ServerCertificate, trusting pem: String) throws -> Bool {
    let server = try server(certificate)
    defer { server.stop() }
    let client = try makeClient(trust: TrustStore(primary: .pem(Array(pem.utf8))))
    do {
      return try client.send(get("https://127.0.0.1:\(server.port)/")).body == [42]
    } catch {
      #expect(error.kind == .tls)
      return false
    }
  }

  @Test func aSelfSignedCertificateIsRefusedUnlessItIsTrustedItself() throws {
    let certificate = try ServerCertificate.selfSigned()
    let other = try PrivateCertificateAuthority().rootPEM
    #expect(try !accepts(certificate, trusting: other))
    #expect(try accepts(certificate, trusting: other + certificate.leafPEM))
  }

  @Test func aChainWithoutItsIntermediateIsRefusedUnlessTheIntermediateIsTrusted() throws {
    let authority = try PrivateCertificateAuthority(withIntermediate: true)
    let certificate = try authority.serverCertificate().withoutIssuers
    #expect(try !accepts(certificate, trusting: authority.rootPEM))
    #expect(try accepts(certificate, trusting: authority.rootPEM + authority.intermediatePEM))
    // As libcurl's default: a trusted intermediate ends a chain.
    #expect(try accepts(certificate, trusting: authority.intermediatePEM))
  }

  @Test func aCrossSignedRootIsAcceptedByTheOldAndTheNewOne() throws {
    let older = try PrivateCertificateAuthority(commonName: "Older Root CA")
    let newer = try PrivateCertificateAuthority(withIntermediate: true)
    let certificate = try newer.serverCertificate(crossSignedBy: older)
    #expect(try accepts(certificate, trusting: newer.rootPEM))
    #expect(try accepts(certificate, trusting: older.rootPEM))
    let stranger = try PrivateCertificateAuthority(commonName: "Stranger")
    #expect(try !accepts(certificate, trusting: stranger.rootPEM))
  }

  @Test(arguments: [true, false])
  func ofTwoRootsWithOneNameTheOneWithTheKeyIsFound(hasKeyIdentifiers: Bool) throws {
    // A name of its own: that several have it is remembered.
    let name = "Renewed root \(hasKeyIdentifiers)"
    let former = try PrivateCertificateAuthority(
      commonName: name, hasKeyIdentifiers: hasKeyIdentifiers)
    let present = try PrivateCertificateAuthority(
      commonName: name, hasKeyIdentifiers: hasKeyIdentifiers)
    let certificate = try present.serverCertificate()
    #expect(try !accepts(certificate, trusting: former.rootPEM))
    #expect(try accepts(certificate, trusting: former.rootPEM + present.rootPEM))
    #expect(try accepts(certificate, trusting: present.rootPEM + former.rootPEM))
  }

  @Test func aRootOfTheRightNameWithAnotherKeyIsTheCertificatesFault() throws {
    let name = "Imitated root"
    let imitation = try PrivateCertificateAuthority(commonName: name, hasKeyIdentifiers: false)
    let authority = try PrivateCertificateAuthority(commonName: name, hasKeyIdentifiers: false)
    let server = try server(authority.serverCertificate())
    defer { server.stop() }
    let client = try makeClient(
      trust: TrustStore(primary: .pem(Array(try imitation.rootPEM.utf8))))
    let error = #expect(throws: HTTPError.self) {
      try client.send(get("https://127.0.0.1:\(server.port)/"))
    }
    #expect(error?.kind == .tls)
    #expect(error?.message == "SSL certificate problem: certificate signature failure")
  }

  @Test func aWrongHostOrATimeOutsideOfTheValidityIsRefused() throws {
    let authority = try PrivateCertificateAuthority(withIntermediate: true)
    let root = try authority.rootPEM
    #expect(try accepts(authority.serverCertificate(), trusting: root))
    #expect(try !accepts(authority.serverCertificate(for: ["127.0.0.2"]), trusting: root))
    #expect(
      try !accepts(authority.serverCertificate(validitySeconds: -7200 ... -3600), trusting: root))
    #expect(
      try !accepts(authority.serverCertificate(validitySeconds: 3600...7200), trusting: root))
  }

  @Test func aCommentedCertificateIsNotTrusted() throws {
    let (authority, other) = (
      try PrivateCertificateAuthority(), try PrivateCertificateAuthority(commonName: "Other")
    )
    let comment = try authority.rootPEM.split(separator: "\n").map { "# \($0)\n" }.joined()
    let certificate = try authority.serverCertificate()
    #expect(try !accepts(certificate, trusting: other.rootPEM + comment))
    // Only its first line is a comment.
    #expect(try !accepts(certificate, trusting: other.rootPEM + "# " + authority.rootPEM))
    #expect(try accepts(certificate, trusting: "# a comment\n\(authority.rootPEM)\n# another\n"))
  }

  @Test func aTrustedCertificateBlockAndWindowsLineEndsAreRead() throws {
    let authority = try PrivateCertificateAuthority()
    let certificate = try authority.serverCertificate()
    let pem = try authority.rootPEM
    let trusted = pem.replacing("CERTIFICATE-----", with: "TRUSTED CERTIFICATE-----")
    #expect(try accepts(certificate, trusting: trusted))
    #expect(try accepts(certificate, trusting: pem.replacing("\n", with: "\r\n")))
  }

  @Test func aFileThatAppearsLaterIsRead() throws {
    let authority = try PrivateCertificateAuthority()
    let server = try server(authority.serverCertificate())
    defer { server.stop() }
    let url = "https://127.0.0.1:\(server.port)/"
    let file = try TemporaryFile("nothing")
    let trust = TrustStore(primary: .file(file.path))
    #expect(throws: HTTPError.self) { try makeClient(trust: trust).send(get(url)) }
    try authority.rootPEM.write(toFile: file.path, atomically: true, encoding: .utf8)
    #expect(try makeClient(trust: trust).send(get(url)).body == [42])
  }
}
