import Glibc
import HTTPClient
import LoopbackServer
import Platform
import TestSupport
import Testing

@Suite struct FailureTests {
  private func error(_ request: HTTPRequest) -> HTTPError? {
    #expect(throws: HTTPError.self) { try makeClient().send(request) }
  }

  @Test func aPortWithoutListenerIsAConnectionFailure() throws {
    let port = try ReservedPort()
    let error = error(get("http://127.0.0.1:\(port.number)/"))
    #expect(error?.kind == .connection)
    #expect(error?.curlCode == 7)
    #expect(error?.message.contains("127.0.0.1") == true)
  }

  @Test(arguments: [
    "http://me:hidden@host:abc", "http://me:hidden@", "me:hidden@[::1", "socks9://me:hidden@host:1",
  ])
  func aMalformedProxyIsNamedWithoutItsPassword(proxy: String) {
    for variable in ["HTTPS_PROXY", "HTTP_PROXY"] {
      let error = #expect(throws: HTTPError.self) {
        try makeClient(environment: [variable: proxy])
      }
      #expect(error?.kind == .invalidRequest)
      #expect(error?.message.hasPrefix("\(variable) is not the URL of a proxy") == true)
      #expect(error?.message.contains("hidden") == false)
    }
  }

  @Test(arguments: [
    "http://127.0.0.1:3128", "127.0.0.1:3128", "http://me:hid%20den@[::1]:1", "socks5h://host",
    "host",
  ])
  func aProxyWithOrWithoutSchemeIsAccepted(proxy: String) throws {
    _ = try makeClient(environment: ["HTTPS_PROXY": proxy])
  }

  @Test func aResetIsALostConnection() throws {
    let server = try LoopbackServer { _, connection in connection.reset() }
    defer { server.stop() }
    #expect(error(get(server.baseURL + "/"))?.kind == .connectionLost)
  }

  @Test func aBodyShorterThanDeclaredIsIncomplete() throws {
    let server = try LoopbackServer { _, connection in
      try connection.sendRaw(Array("HTTP/1.1 200 OK\r\nContent-Length: 10\r\n\r\nabc".utf8))
      connection.close()
    }
    defer { server.stop() }
    #expect(error(get(server.baseURL + "/"))?.kind == .incompleteBody)
  }

  @Test func aDeclaredBodyOverTheLimitIsRefusedBeforeItIsRead() throws {
    let server = try LoopbackServer { _, connection in
      // Never a byte of body: waiting for one would run into the timeout.
      try connection.sendRaw(Array("HTTP/1.1 200 OK\r\nContent-Length: 1000\r\n\r\n".utf8))
      _ = connection.waitUntilClientIsGone()
    }
    defer { server.stop() }
    let error = error(get(server.baseURL + "/", maximumBodyBytes: 999))
    #expect(error?.kind == .bodyTooLarge(declaredBytes: 1000, limitBytes: 999))
  }

  @Test func aChunkedBodyOverTheLimitIsRefusedWhileItIsReceived() throws {
    let server = try LoopbackServer { _, connection in
      try connection.sendRaw(Array("HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n".utf8))
      try connection.sendRaw(Array("8\r\n01234567\r\n8\r\n01234567\r\n".utf8))
      _ = connection.waitUntilClientIsGone()
    }
    defer { server.stop() }
    let error = error(get(server.baseURL + "/", maximumBodyBytes: 10))
    #expect(error?.kind == .bodyTooLarge(declaredBytes: nil, limitBytes: 10))
  }

  @Test func anAnswerThatNeverComesTimesOut() throws {
    let server = try LoopbackServer { _, connection in
      _ = connection.waitUntilClientIsGone()
    }
    defer { server.stop() }
    let error = error(get(server.baseURL + "/", timeoutMilliseconds: 200))
    #expect(error?.kind == .timedOut)
    #expect(error?.message == "no response within 0.2 s")
  }

  @Test func aBodyThatTheServerDoesNotReadTimesOut() throws {
    let listener = try SilentListener()
    // More than the buffers of both sockets hold.
    var request = post("http://127.0.0.1:\(listener.port)/", [UInt8](repeating: 7, count: 16 << 20))
    request.timeoutMilliseconds = 300
    let error = error(request)
    #expect(error?.kind == .timedOut)
    #expect(error?.message == "no response within 0.3 s")
  }

  @Test func aHandshakeThatNeverEndsIsGivenUpAsAConnection() throws {
    let listener = try SilentListener()
    let error = error(get("https://127.0.0.1:\(listener.port)/"))
    #expect(error?.kind == .connectionTimedOut)
  }

  @Test func aResponseThatDoesNotBeginInItsTimeIsGivenUp() throws {
    let server = try LoopbackServer { _, connection in
      _ = connection.waitUntilClientIsGone()
    }
    defer { server.stop() }
    var request = get(server.baseURL + "/")
    request.firstByteMilliseconds = 100
    let error = error(request)
    #expect(error?.kind == .timedOut)
    #expect(error?.message == "no response within 0.1 s")
  }

  @Test func aBodyThatStallsIsGivenUpAndOneThatIsSlowIsNot() throws {
    let server = try LoopbackServer { request, connection in
      try connection.sendRaw(Array("HTTP/1.1 200 OK\r\nContent-Length: 5\r\n\r\n".utf8))
      for byte in "slow".utf8 {
        try connection.sendRaw([byte])
        Clock.system.sleep(100)
      }
      if request.path == "/stalls" { _ = connection.waitUntilClientIsGone() }
      try connection.sendRaw(Array("!".utf8))
    }
    defer { server.stop() }
    var request = get(server.baseURL + "/")
    request.firstByteMilliseconds = 5_000
    request.stallMilliseconds = 1_000
    #expect(try makeClient().send(request).body == Array("slow!".utf8))
    request.url = server.baseURL + "/stalls"
    #expect(error(request)?.message == "no further byte for 1.0 s")
  }

  @Test func aTimeThatIsAlreadyOverTimesOutInsteadOfWaitingForEver() throws {
    let server = try LoopbackServer { _, connection in
      _ = connection.waitUntilClientIsGone()
    }
    defer { server.stop() }
    // On a busy machine it may end while the connection is being made.
    #expect(error(get(server.baseURL + "/", timeoutMilliseconds: 0))?.isTimeout == true)
  }

  @Test func whatIsNotHTTPIsAMalformedResponse() throws {
    let server = try LoopbackServer { _, connection in
      try connection.sendRaw(Array("SSH-2.0-OpenSSH_9.2\r\n\r\n".utf8))
      connection.close()
    }
    defer { server.stop() }
    #expect(error(get(server.baseURL + "/"))?.kind == .malformedResponse)
  }

  @Test(arguments: ["ftp://127.0.0.1/", "file:///etc/passwd", "127.0.0.1", "", "http://"])
  func anythingButAnHTTPURLIsRefused(url: String) {
    #expect(error(get(url))?.kind == .invalidRequest)
  }

  @Test func aFailedTransferLeavesTheClientUsable() throws {
    let server = try LoopbackServer { request, connection in
      if request.path == "/reset" { return connection.reset() }
      try connection.send(status: 200, body: [1])
    }
    defer { server.stop() }
    let client = try makeClient()
    #expect(throws: HTTPError.self) { try client.send(get(server.baseURL + "/reset")) }
    #expect(try client.send(get(server.baseURL + "/")).body == [1])
  }
}

@Suite struct ProxyTests {
  @Test func theProxyOfTheEnvironmentIsUsedAndItsExceptionsHonoured() throws {
    let targets = Recorder<String>()
    let proxy = try LoopbackServer { request, connection in
      targets.add(request.target)
      try connection.send(status: 200)
    }
    defer { proxy.stop() }
    let through = try makeClient(environment: ["http_proxy": proxy.baseURL])
    _ = try through.send(get("http://s3.example/object"))
    #expect(targets.all == ["http://s3.example/object"])

    let direct = try makeClient(environment: ["http_proxy": proxy.baseURL, "NO_PROXY": "127.0.0.1"])
    _ = try direct.send(get(proxy.baseURL + "/direct"))
    #expect(targets.all.last == "/direct")
  }

  @Test func httpsGoesThroughCONNECT() throws {
    let seen = Recorder<String>()
    let proxy = try LoopbackServer { request, connection in
      seen.add("\(request.method) \(request.target)")
      try connection.send(status: 502)
    }
    defer { proxy.stop() }
    let client = try makeClient(environment: ["HTTPS_PROXY": proxy.baseURL])
    let error = #expect(throws: HTTPError.self) {
      try client.send(get("https://s3.example/object"))
    }
    #expect(error?.kind == .proxy(status: 502))
    #expect(seen.all == ["CONNECT s3.example:443"])
  }
}

/// Accepts connections, as the kernel does for a listener, and never reads or writes a byte.
private struct SilentListener: ~Copyable {
  private let descriptor: Int32
  let port: UInt16

  init() throws {
    descriptor = socket(AF_INET, Int32(SOCK_STREAM.rawValue), 0)
    var address = sockaddr_in()
    address.sin_family = sa_family_t(AF_INET)
    address.sin_addr.s_addr = inet_addr("127.0.0.1")
    var length = socklen_t(MemoryLayout<sockaddr_in>.size)
    let (descriptor, size) = (descriptor, length)
    let isListening = withUnsafeMutablePointer(to: &address) { pointer in
      pointer.withMemoryRebound(to: sockaddr.self, capacity: 1) {
        bind(descriptor, $0, size) == 0 && listen(descriptor, 8) == 0
          && getsockname(descriptor, $0, &length) == 0
      }
    }
    try #require(isListening)
    port = address.sin_port.bigEndian
  }

  deinit { close(descriptor) }
}
