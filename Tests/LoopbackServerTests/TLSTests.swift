import LoopbackServer
import TestSupport
import Testing

@Suite struct TLSTests {
  private static func server(
    _ certificate: ServerCertificate, minimum: TLSVersion = .tls12, maximum: TLSVersion = .tls13
  ) throws -> LoopbackServer {
    let layer = try TLSLayer(certificate: certificate, minimum: minimum, maximum: maximum)
    return try LoopbackServer(wrap: layer.accept) { _, connection in
      try connection.send(status: 200)
    }
  }

  @Test(arguments: [false, true], ["127.0.0.1", "localhost"])
  func aCertificateOfTheAuthorityIsTrusted(withIntermediate: Bool, name: String) throws {
    let authority = try PrivateCertificateAuthority(withIntermediate: withIntermediate)
    let server = try Self.server(authority.serverCertificate())
    defer { server.stop() }
    let outcome = try TLSProbe.connect(port: server.port, name: name, trusting: authority)
    #expect(outcome.version == "TLSv1.3")
    #expect(outcome.verification == 0)
    #expect(try authority.rootPEM.hasPrefix("-----BEGIN CERTIFICATE-----\n"))
  }

  @Test func anotherAuthorityIsNotTrusted() throws {
    let server = try Self.server(PrivateCertificateAuthority().serverCertificate())
    defer { server.stop() }
    let other = try PrivateCertificateAuthority(commonName: "Other")
    #expect(
      try TLSProbe.connect(port: server.port, name: "127.0.0.1", trusting: other).version == nil)
  }

  @Test func anExpiredCertificateIsRefused() throws {
    let authority = try PrivateCertificateAuthority()
    let expired = try authority.serverCertificate(validitySeconds: -7200 ... -3600)
    let server = try Self.server(expired)
    defer { server.stop() }
    let outcome = try TLSProbe.connect(port: server.port, name: "127.0.0.1", trusting: authority)
    #expect(outcome.version == nil)
    #expect(outcome.verification == 10, "X509_V_ERR_CERT_HAS_EXPIRED")
  }

  @Test func aCertificateForAnotherNameIsRefused() throws {
    let authority = try PrivateCertificateAuthority()
    let server = try Self.server(authority.serverCertificate(for: ["example.com"]))
    defer { server.stop() }
    let outcome = try TLSProbe.connect(port: server.port, name: "127.0.0.1", trusting: authority)
    #expect(outcome.version == nil)
    #expect(outcome.verification == 64, "X509_V_ERR_IP_ADDRESS_MISMATCH")
  }

  @Test func aServerMayBePinnedToAnOldVersion() throws {
    let authority = try PrivateCertificateAuthority()
    let server = try Self.server(authority.serverCertificate(), minimum: .tls11, maximum: .tls11)
    defer { server.stop() }
    #expect(
      try TLSProbe.connect(port: server.port, name: "127.0.0.1", trusting: authority).version
        == "TLSv1.1")
  }

  @Test func anOldClientIsRefusedByDefault() throws {
    let authority = try PrivateCertificateAuthority()
    let server = try Self.server(authority.serverCertificate())
    defer { server.stop() }
    let outcome = try TLSProbe.connect(
      port: server.port, name: "127.0.0.1", trusting: authority, maximum: .tls11)
    #expect(outcome.version == nil)
  }
}
