import Foundation
import LoopbackServer
import TestSupport
import Testing

private let get = "GET / HTTP/1.1\r\n\r\n"

@Suite struct ResponseTests {
  @Test func aResponseCarriesItsLengthAndHeaders() throws {
    let server = try LoopbackServer { _, connection in
      try connection.send(status: 404, headers: [("A", "1"), ("A", "2")], body: Array("gone".utf8))
    }
    defer { server.stop() }
    let client = try RawClient(port: server.port)
    try client.send(get)
    #expect(
      try client.receive(until: "gone")
        == "HTTP/1.1 404 Not Found\r\nA: 1\r\nA: 2\r\nContent-Length: 4\r\n\r\ngone")
  }

  @Test func theAnswerToHEADHasTheLengthButNoBody() throws {
    let server = try LoopbackServer { _, connection in
      try connection.send(status: 200, body: Array("body".utf8))
    }
    defer { server.stop() }
    let client = try RawClient(port: server.port)
    try client.send("HEAD / HTTP/1.1\r\nConnection: close\r\n\r\n")
    #expect(
      try client.receiveToEnd().text
        == "HTTP/1.1 200 OK\r\nContent-Length: 4\r\nConnection: close\r\n\r\n")
  }

  @Test func noContentHasNeitherBodyNorLength() throws {
    let server = try LoopbackServer { _, connection in
      try connection.send(status: 204, body: Array("body".utf8))
    }
    defer { server.stop() }
    let client = try RawClient(port: server.port)
    try client.send(get)
    client.finishSending()
    #expect(try client.receiveToEnd().text == "HTTP/1.1 204 No Content\r\n\r\n")
  }

  @Test(arguments: ["GET / HTTP/1.1\r\nConnection: close\r\n\r\n", "GET / HTTP/1.0\r\n\r\n"])
  func aConnectionThatTheClientWantsClosedIsClosed(request: String) throws {
    let server = try LoopbackServer { _, connection in try connection.send(status: 200) }
    defer { server.stop() }
    let client = try RawClient(port: server.port)
    try client.send(request)
    let (text, ending) = try client.receiveToEnd()
    #expect(text.contains("Connection: close"))
    #expect(ending == .orderly)
  }

  @Test func aHandlerMayCloseAfterItsResponse() throws {
    let server = try LoopbackServer { _, connection in
      try connection.send(status: 200, headers: [("Connection", "close")], body: Array("x".utf8))
    }
    defer { server.stop() }
    let client = try RawClient(port: server.port)
    try client.send(get + get)
    #expect(try client.receiveToEnd().text.components(separatedBy: "HTTP/1.1 200").count == 2)
  }

  @Test func aHandlerMayResetInTheMiddleOfABody() throws {
    // A reset discards pending bytes, so wait until the client has received the first half.
    let isReceived = Box<Void>()
    let server = try LoopbackServer { _, connection in
      try connection.sendRaw(Array("HTTP/1.1 200 OK\r\nContent-Length: 100\r\n\r\nhalf".utf8))
      _ = isReceived.wait()
      connection.reset()
    }
    defer { server.stop() }
    let client = try RawClient(port: server.port)
    try client.send(get)
    #expect(try client.receive(until: "half").hasPrefix("HTTP/1.1 200 OK"))
    isReceived.set(())
    let (rest, ending) = try client.receiveToEnd()
    #expect(rest.isEmpty)
    #expect(ending == .reset)
  }

  @Test func aHandlerMayCloseInTheMiddleOfABody() throws {
    let server = try LoopbackServer { _, connection in
      try connection.sendRaw(Array("HTTP/1.1 200 OK\r\nContent-Length: 100\r\n\r\nhalf".utf8))
      connection.close()
    }
    defer { server.stop() }
    let client = try RawClient(port: server.port)
    try client.send(get)
    let (text, ending) = try client.receiveToEnd()
    #expect(text.hasSuffix("half"))
    #expect(ending == .orderly)
  }

  @Test func rawChunksLeaveTheConnectionUsable() throws {
    let server = try LoopbackServer { request, connection in
      try connection.sendRaw(Array("HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n".utf8))
      try connection.sendRaw(Array("2\r\n\(request.target)\r\n0\r\n\r\n".utf8))
    }
    defer { server.stop() }
    let client = try RawClient(port: server.port)
    for target in ["/a", "/b"] {
      try client.send("GET \(target) HTTP/1.1\r\n\r\n")
      #expect(try client.receive(until: "0\r\n\r\n").contains(target))
    }
  }

  @Test func aHandlerThatThrowsIsA500() throws {
    let server = try LoopbackServer { _, _ in throw SocketError("test", code: 1) }
    defer { server.stop() }
    let client = try RawClient(port: server.port)
    try client.send(get)
    #expect(try client.receiveToEnd().text.hasPrefix("HTTP/1.1 500 "))
  }

  @Test func aHandlerThatAnswersNothingClosesTheConnection() throws {
    let server = try LoopbackServer { _, _ in }
    defer { server.stop() }
    let client = try RawClient(port: server.port)
    try client.send(get)
    let (text, ending) = try client.receiveToEnd()
    #expect(text.isEmpty)
    #expect(ending == .orderly)
  }

  @Test func aClientThatHangsUpIsAnErrorAndNotASignal() throws {
    let outcome = Box<Bool>()
    let server = try LoopbackServer { _, connection in
      connection.waitUntilClientIsGone()
      let large = [UInt8](repeating: 0, count: 1 << 20)
      do {
        for _ in 0..<16 { try connection.sendRaw(large) }
        outcome.set(false)
      } catch {
        outcome.set(true)
      }
    }
    defer { server.stop() }
    var client: RawClient? = try RawClient(port: server.port)
    try client?.send(get)
    client = nil
    #expect(outcome.wait() == true)
  }
}

@Suite struct WaitingTests {
  @Test func aWaitingHandlerLearnsThatItsClientIsGone() throws {
    let outcome = Box<Bool>()
    let latch = try WakeUp()
    let server = try LoopbackServer { _, connection in
      let woken = connection.wait(for: latch)
      outcome.set(!woken && connection.isClientGone)
    }
    defer { server.stop() }
    var client: RawClient? = try RawClient(port: server.port)
    try client?.send(get)
    client = nil
    #expect(outcome.wait() == true)
  }

  @Test func aWaitingHandlerIsWokenByItsLatch() throws {
    let latch = try WakeUp()
    let server = try LoopbackServer { _, connection in
      if connection.wait(for: latch) { try connection.send(status: 202) }
    }
    defer { server.stop() }
    let client = try RawClient(port: server.port)
    try client.send(get)
    latch.signal()
    #expect(try client.receive(until: "\r\n\r\n").hasPrefix("HTTP/1.1 202"))
  }

  @Test func stopEndsIdleAndWaitingConnectionsAndFreesThePort() throws {
    let entered = Box<Bool>()
    let latch = try WakeUp()
    let server = try LoopbackServer { _, connection in
      entered.set(true)
      _ = connection.wait(for: latch)
    }
    let idle = try RawClient(port: server.port)
    let waiting = try RawClient(port: server.port)
    try waiting.send(get)
    #expect(entered.wait() == true)
    #expect(server.stop(), "no thread is left behind")
    #expect(try waiting.receiveToEnd().text.isEmpty)
    #expect(throws: Never.self) { try idle.receiveToEnd() }
    #expect(throws: SocketError.self) { try RawClient(port: server.port) }
    try LoopbackServer(port: server.port) { _, _ in }.stop()
  }

  @Test func itListensOnLoopbackOnly() throws {
    let server = try LoopbackServer { _, _ in }
    defer { server.stop() }
    #expect(try server.boundAddress == "127.0.0.1")
  }

  @Test func manyConnectionsAreServedAtOnce() throws {
    let latch = try WakeUp()
    let server = try LoopbackServer { _, connection in
      if connection.wait(for: latch) { try connection.send(status: 200) }
    }
    defer { server.stop() }
    let clients = try (0..<50).map { _ in try RawClient(port: server.port) }
    for client in clients { try client.send(get) }
    latch.signal()
    for client in clients {
      #expect(try client.receive(until: "\r\n\r\n").hasPrefix("HTTP/1.1 200"))
    }
  }
}
