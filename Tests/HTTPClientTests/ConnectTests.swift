import HTTPClient
import LoopbackServer
import Platform
import TestSupport
import Testing

@Suite struct ConnectTests {
  private let connections = Recorder<Int>()
  private let targets = Recorder<String>()

  /// A TLS server that records its connections and targets; `/ping` goes through `ping`.
  private func server(
    _ authority: PrivateCertificateAuthority,
    ping: @escaping @Sendable (LoopbackConnection) throws -> Void = { try $0.send(status: 404) }
  ) throws -> LoopbackServer {
    let layer = try TLSLayer(certificate: authority.serverCertificate())
    let (connections, targets) = (connections, targets)
    return try LoopbackServer(
      wrap: {
        connections.add(1)
        return try layer.accept($0)
      },
      handler: { request, connection in
        targets.add(request.target)
        if request.target == "/ping" { return try ping(connection) }
        try connection.send(status: 200, body: [42])
      })
  }

  private func client(
    _ authority: PrivateCertificateAuthority, connectAheadMilliseconds: Int64 = 60_000
  ) throws -> HTTPClient {
    try HTTPClient(
      trust: TrustStore(primary: .pem(Array(authority.rootPEM.utf8))), proxy: .direct,
      connectAheadMilliseconds: connectAheadMilliseconds)
  }

  private func url(_ server: LoopbackServer) -> String { "https://127.0.0.1:\(server.port)" }

  @Test func theFirstRequestUsesTheConnectionThatWasOpenedForIt() throws {
    let authority = try PrivateCertificateAuthority()
    let server = try server(authority)
    defer { server.stop() }
    let client = try client(authority)
    client.connect(to: url(server) + "/ping")
    client.connect(to: url(server) + "/ping")
    #expect(try client.send(get(url(server) + "/")).body == [42])
    client.connect(to: url(server) + "/ping")
    #expect(try client.send(get(url(server) + "/")).body == [42])
    #expect(connections.all.count == 1)
    #expect(targets.all == ["/ping", "/", "/"])
  }

  @Test func theHandshakeIsMadeWhileAnotherServerIsWaitedFor() throws {
    let authority = try PrivateCertificateAuthority()
    let pinged = Box<Bool>()
    let endpoint = try server(authority) {
      try $0.send(status: 200)
      pinged.set(true)
    }
    let storage = try LoopbackServer { _, connection in
      let wasInTime = pinged.wait() == true
      try connection.send(status: wasInTime ? 200 : 500)
    }
    defer {
      endpoint.stop()
      storage.stop()
    }
    let client = try client(authority)
    var statuses: [Int] = []
    client.start(get(storage.baseURL + "/", timeoutMilliseconds: 30_000)) { stored in
      statuses.append((try? stored.get().status) ?? 0)
      client.start(get(url(endpoint) + "/")) { statuses.append((try? $0.get().status) ?? 0) }
    }
    client.connect(to: url(endpoint) + "/ping")
    client.run()
    #expect(statuses == [200, 200])
    #expect(connections.all.count == 1)
  }

  @Test func aFailedConnectionIsLeftToTheRequestToTell() throws {
    let authority = try PrivateCertificateAuthority()
    let server = try server(authority) { $0.reset() }
    defer { server.stop() }
    let client = try client(authority)
    client.connect(to: url(server) + "/ping")
    #expect(try client.send(get(url(server) + "/")).body == [42])
    let stranger = try makeClient()
    stranger.connect(to: url(server) + "/ping")
    let error = #expect(throws: HTTPError.self) { try stranger.send(get(url(server) + "/")) }
    #expect(error?.kind == .tls)
  }

  @Test func anAnswerThatNeverComesDelaysARequestByItsShareOnly() throws {
    let authority = try PrivateCertificateAuthority()
    let released = Box<Bool>()
    let server = try server(authority) { _ in _ = released.wait() }
    defer {
      released.set(true)
      server.stop()
    }
    let client = try client(authority, connectAheadMilliseconds: 200)
    client.connect(to: url(server) + "/ping")
    #expect(try client.send(get(url(server) + "/", timeoutMilliseconds: 30_000)).body == [42])
    #expect(waitUntil { connections.all.count == 2 }, "the first one still waits for its answer")
  }

  @Test func runDoesNotWaitForAConnectionThatNobodyNeeds() throws {
    let authority = try PrivateCertificateAuthority()
    let released = Box<Bool>()
    let server = try server(authority) { _ in _ = released.wait() }
    defer {
      released.set(true)
      server.stop()
    }
    let client = try client(authority, connectAheadMilliseconds: 600_000)
    client.connect(to: url(server) + "/ping")
    client.run()
    #expect(try client.send(get(url(server) + "/")).body == [42])
  }

  @Test func aRehearsalLeavesASessionThatTheFirstRequestResumes() throws {
    let authority = try PrivateCertificateAuthority()
    let layer = try TLSLayer(certificate: authority.serverCertificate())
    let targets = targets
    let server = try LoopbackServer(wrap: layer.accept) { request, connection in
      targets.add(request.target)
      try connection.send(status: request.target == "/ping" ? 404 : 200, body: [42])
    }
    defer { server.stop() }
    let client = try client(authority)
    client.rehearse(with: url(server) + "/ping")
    #expect(targets.all == ["/ping"])
    #expect(try client.send(get(url(server) + "/")).body == [42])
    #expect(try client.send(get(url(server) + "/")).body == [42])
    // The connection of the rehearsal is not used again, that of the first request is.
    #expect(layer.resumptions.all == [false, true])
  }

  @Test func aRehearsalThatFailsIsLeftToTheFirstRequestToTell() throws {
    let client = try client(PrivateCertificateAuthority())
    let port = try ReservedPort()
    client.rehearse(with: "https://127.0.0.1:\(port.number)/ping")
    client.rehearse(with: "http://127.0.0.1:\(port.number)/ping")
    #expect(throws: HTTPError.self) { try client.send(get("https://127.0.0.1:\(port.number)/")) }
  }

  @Test func plainHTTPIsNotAskedAhead() throws {
    let targets = targets
    let server = try LoopbackServer { request, connection in
      targets.add(request.target)
      try connection.send(status: 200)
    }
    defer { server.stop() }
    let client = try makeClient()
    client.connect(to: server.baseURL + "/ping")
    #expect(try client.send(get(server.baseURL + "/")).status == 200)
    #expect(targets.all == ["/"])
  }
}
