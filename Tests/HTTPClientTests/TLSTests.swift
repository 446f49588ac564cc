import Foundation
import Glibc
import HTTPClient
import LoopbackServer
import Platform
import TestSupport
import Testing

@Suite struct TLSTests {
  private let connections = Recorder<Int>()

  private func server(_ certificate: ServerCertificate) throws -> LoopbackServer {
    let layer = try TLSLayer(certificate: certificate)
    let connections = connections
    return try LoopbackServer(
      wrap: {
        connections.add(1)
        return try layer.accept($0)
      },
      handler: { _, connection in try connection.send(status: 200, body: [42]) })
  }

  private func pem(_ authority: PrivateCertificateAuthority) throws -> TrustStore.Source {
    .pem(Array(try authority.rootPEM.utf8))
  }

  private func url(_ server: LoopbackServer) -> String { "https://127.0.0.1:\(server.port)/" }

  private func tlsError(_ server: LoopbackServer, _ trust: TrustStore) -> HTTPError? {
    #expect(throws: HTTPError.self) { try makeClient(trust: trust).send(get(url(server))) }
  }

  @Test func aKnownIssuerIsAcceptedAndTheFallbackNeverRead() throws {
    let authority = try PrivateCertificateAuthority(withIntermediate: true)
    let server = try server(authority.serverCertificate())
    defer { server.stop() }
    // A file that does not exist would fail the transfer if it were read.
    let trust = TrustStore(primary: try pem(authority), fallback: .file("/nonexistent/bundle.pem"))
    #expect(try makeClient(trust: trust).send(get(url(server))).body == [42])
    #expect(connections.all.count == 1)
  }

  @Test(arguments: [true, false])
  func aBodyWithoutLengthIsWholeOnlyAfterACleanClose(isClean: Bool) throws {
    let authority = try PrivateCertificateAuthority()
    let layer = try TLSLayer(certificate: authority.serverCertificate())
    let server = try LoopbackServer(wrap: layer.accept) { _, connection in
      try connection.sendRaw(Array("HTTP/1.1 200 OK\r\nConnection: close\r\n\r\nhalf".utf8))
      // The layer sends its closing alert when the connection ends by itself.
      if isClean { connection.closeAfterResponse() } else { connection.close() }
    }
    defer { server.stop() }
    let client = try makeClient(trust: TrustStore(primary: try pem(authority)))
    if isClean {
      #expect(try client.send(get(url(server))).body == Array("half".utf8))
    } else {
      let error = #expect(throws: HTTPError.self) { try client.send(get(url(server))) }
      #expect(error?.kind == .incompleteBody)
    }
  }

  @Test(arguments: [true, false])
  func aConnectionThatBreaksWithinTheHandshakeIsNotARefusedCertificate(isReset: Bool) throws {
    let server = try LoopbackServer(wrap: { descriptor in
      // With the client's hello unread, closing resets the connection; with it read, it ends in order.
      var hello = [UInt8](repeating: 0, count: 4096)
      if isReset { Clock.system.sleep(50) } else { _ = recv(descriptor, &hello, hello.count, 0) }
      throw SilentFailure()
    }) { _, _ in }
    defer { server.stop() }
    let error = tlsError(server, TrustStore(primary: .amazonTrustServices))
    #expect([.handshakeBroken, .connectionLost].contains(error?.kind))
  }

  private struct SilentFailure: Error {}

  /// What a NAT gateway does that has forgotten an idle connection: packets vanish, nothing is refused.
  @Test func aRequestThatVanishesOnAnIdleConnectionIsSentOnANewOne() throws {
    let authority = try PrivateCertificateAuthority()
    let layer = try TLSLayer(certificate: authority.serverCertificate())
    let descriptors = Recorder<Int32>()
    let server = try LoopbackServer(
      wrap: {
        descriptors.add($0)
        return try layer.accept($0)
      },
      handler: { _, connection in try connection.send(status: 200, body: [42]) })
    defer { server.stop() }
    let client = try HTTPClient(
      trust: TrustStore(primary: try pem(authority)), proxy: .direct, silenceMilliseconds: 500)
    #expect(try client.send(get(url(server))).body == [42])
    swallowPackets(to: descriptors.all[0])
    #expect(try client.send(get(url(server))).body == [42])
    #expect(descriptors.all.count == 2)
  }

  /// A filter that takes no packet: the kernel drops them unacknowledged, before the connection sees them.
  private func swallowPackets(to descriptor: Int32) {
    // sock_filter and sock_fprog of <linux/filter.h>: BPF_RET | BPF_K with 0 bytes.
    var instruction: (code: UInt16, jt: UInt8, jf: UInt8, k: UInt32) = (0x06, 0, 0, 0)
    withUnsafeMutablePointer(to: &instruction) {
      var program: (length: UInt16, filter: UnsafeMutableRawPointer) = (
        1, UnsafeMutableRawPointer($0)
      )
      let size = socklen_t(MemoryLayout.size(ofValue: program))
      #expect(setsockopt(descriptor, SOL_SOCKET, SO_ATTACH_FILTER, &program, size) == 0)
    }
  }

  @Test func anUnknownIssuerIsTriedOnceMoreWithTheFallbackAndRemembered() throws {
    let authority = try PrivateCertificateAuthority()
    let server = try server(authority.serverCertificate())
    defer { server.stop() }
    let client = try makeClient(
      trust: TrustStore(primary: .amazonTrustServices, fallback: try pem(authority)))
    #expect(try client.send(get(url(server))).body == [42])
    #expect(try client.send(get(url(server))).body == [42])
    #expect(connections.all.count == 2)
  }

  @Test func anIssuerThatNeitherKnowsIsRefusedAfterTwoTries() throws {
    let server = try server(PrivateCertificateAuthority().serverCertificate())
    defer { server.stop() }
    let other = try pem(PrivateCertificateAuthority(commonName: "Other"))
    let error = tlsError(server, TrustStore(primary: .amazonTrustServices, fallback: other))
    #expect(error?.kind == .tls)
    #expect(error?.isUntrusted == true)
    #expect(error?.trustedFile == nil)
    #expect(error?.curlCode == 60)
    #expect(connections.all.count == 2)
  }

  @Test func requestsThatBeginTogetherAllGetTheFallback() throws {
    let authority = try PrivateCertificateAuthority()
    let server = try server(authority.serverCertificate())
    defer { server.stop() }
    let client = try makeClient(
      trust: TrustStore(primary: .amazonTrustServices, fallback: try pem(authority)))
    var answered = 0
    for _ in 0..<4 {
      client.start(get(url(server))) { if (try? $0.get().body) == [42] { answered += 1 } }
    }
    client.run()
    #expect(answered == 4)
  }

  @Test func aFallbackThatCannotBeReadIsAMatterOfTrust() throws {
    let server = try server(PrivateCertificateAuthority().serverCertificate())
    defer { server.stop() }
    let fallback = TrustStore.Source.file("/nonexistent/bundle.pem")
    let error = tlsError(server, TrustStore(primary: .amazonTrustServices, fallback: fallback))
    #expect(error?.isUntrusted == true)
    #expect(error?.trustedFile == nil)
  }

  @Test func anHTTPSProxyWhoseIssuerIsUnknownIsUntrusted() throws {
    let proxy = try server(PrivateCertificateAuthority().serverCertificate())
    defer { proxy.stop() }
    let client = try makeClient(environment: ["HTTPS_PROXY": url(proxy)])
    let error = #expect(throws: HTTPError.self) {
      try client.send(get("https://host.invalid/"))
    }
    #expect(error?.kind == .tls)
    #expect(error?.isUntrusted == true)
  }

  @Test func anExpiredCertificateIsRefusedWithoutASecondTry() throws {
    let authority = try PrivateCertificateAuthority()
    let server = try server(authority.serverCertificate(validitySeconds: -7200 ... -3600))
    defer { server.stop() }
    let trust = TrustStore(primary: try pem(authority), fallback: try pem(authority))
    let error = tlsError(server, trust)
    #expect(error?.kind == .tls)
    #expect(error?.message.contains("expired") == true)
    #expect(error?.isUntrusted == false)
    #expect(connections.all.count == 1)
  }

  @Test func aCertificateForAnotherNameIsRefusedWithoutASecondTry() throws {
    let authority = try PrivateCertificateAuthority()
    let server = try server(authority.serverCertificate(for: ["s3.example"]))
    defer { server.stop() }
    let trust = TrustStore(primary: try pem(authority), fallback: try pem(authority))
    #expect(tlsError(server, trust)?.kind == .tls)
    #expect(connections.all.count == 1)
  }

  @Test(arguments: [true, false])
  func aBundleOfTheEnvironmentIsNamedOnlyWhenItLacksTheIssuer(knowsIssuer: Bool) throws {
    let authority = try PrivateCertificateAuthority()
    let server = try server(authority.serverCertificate(for: ["s3.example"]))
    defer { server.stop() }
    let trusted = try knowsIssuer ? authority : PrivateCertificateAuthority(commonName: "Other")
    let file = FileManager.default.temporaryDirectory.appendingPathComponent(
      "bundle-\(UUID().uuidString).pem")
    try Data(trusted.rootPEM.utf8).write(to: file)
    defer { try? FileManager.default.removeItem(at: file) }
    let error = tlsError(server, TrustStore(primary: .file(file.path)))
    #expect(error?.kind == .tls)
    #expect(error?.trustedFile == (knowsIssuer ? nil : file.path))
  }

  @Test func anOldVersionOfTLSIsRefused() throws {
    let authority = try PrivateCertificateAuthority()
    let layer = try TLSLayer(
      certificate: authority.serverCertificate(), minimum: .tls11, maximum: .tls11)
    let server = try LoopbackServer(wrap: layer.accept) { _, connection in
      try connection.send(status: 200)
    }
    defer { server.stop() }
    #expect(tlsError(server, TrustStore(primary: try pem(authority)))?.kind == .tls)
  }

  @Test(arguments: ["AWS_CA_BUNDLE", "SSL_CERT_FILE"])
  func aBundleOfTheEnvironmentReplacesTheBuiltInRoots(variable: String) throws {
    let authority = try PrivateCertificateAuthority()
    let server = try server(authority.serverCertificate())
    defer { server.stop() }
    let file = FileManager.default.temporaryDirectory.appendingPathComponent(
      "bundle-\(UUID().uuidString).pem")
    try Data(authority.rootPEM.utf8).write(to: file)
    defer { try? FileManager.default.removeItem(at: file) }
    let trust = TrustStore(environment: Environment([variable: file.path]))
    #expect(trust == TrustStore(primary: .file(file.path)))
    #expect(try makeClient(trust: trust).send(get(url(server))).body == [42])
    #expect(tlsError(server, TrustStore(environment: Environment([:])))?.kind == .tls)
  }

  @Test func aBundleThatIsMissingIsNamed() throws {
    let server = try server(PrivateCertificateAuthority().serverCertificate())
    defer { server.stop() }
    let error = tlsError(server, TrustStore(primary: .file("/nonexistent/bundle.pem")))
    #expect(error?.kind == .tls)
    #expect(error?.message.contains("/nonexistent/bundle.pem") == true)
    #expect(error?.trustedFile == "/nonexistent/bundle.pem")
  }
}
