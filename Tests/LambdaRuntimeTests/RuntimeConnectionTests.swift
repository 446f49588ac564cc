import Foundation
import Glibc
import Platform
import TestSupport
import Testing

@testable import LambdaRuntime

private func connection(_ server: RawServer, timeoutMilliseconds: Int64 = 60_000) throws
  -> RuntimeConnection
{
  RuntimeConnection(
    try RuntimeAddress(server.address), clock: .system, timeoutMilliseconds: timeoutMilliseconds)
}

private let ok = "HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\nok"

/// The threads of tests block all signals, and so does a thread that one of them starts.
private func letSignalsIn() {
  var none = sigset_t()
  sigemptyset(&none)
  pthread_sigmask(SIG_SETMASK, &none, nil)
}

extension RuntimeConnection {
  fileprivate func get() throws(RuntimeAPIError) -> RuntimeResponse {
    var request = try RuntimeRequest("GET", "/next", to: address)
    request.end()
    return try get(request, limitBytes: 10)
  }

  fileprivate func post(_ body: [UInt8] = []) throws(RuntimeAPIError) -> RuntimeResponse {
    var request = try RuntimeRequest("POST", "/response", to: address)
    request.end(bodyBytes: body.count)
    return try post(request, body, limitBytes: 10)
  }

  fileprivate func kindOfFailure(
    _ send: (RuntimeConnection) throws(RuntimeAPIError) -> RuntimeResponse
  ) -> RuntimeAPIError.Kind? {
    do throws(RuntimeAPIError) {
      _ = try send(self)
      return nil
    } catch {
      return error.kind
    }
  }
}

/// How often a thread has gone to sleep; nil while it is awake, and when it has ended.
private func sleeps(of thread: String) -> Int? {
  let status = (try? String(contentsOfFile: "/proc/\(thread)/status", encoding: .utf8)) ?? ""
  func value(_ name: String) -> Substring? {
    status.split(separator: "\n").first { $0.hasPrefix(name) }?.split(separator: "\t").last
  }
  guard value("State:")?.first == "S" else { return nil }
  return value("voluntary_ctxt_switches:").flatMap { Int($0) }
}

@Suite struct RuntimeConnectionTests {
  @Test func oneConnectionServesAllRequests() throws {
    let server = try RawServer()
    let requests = Recorder<String>()
    server.serve { peer in
      for bodyBytes in [0, 3, 0] {
        requests.add(peer.readRequest(bodyBytes: bodyBytes))
        peer.write(ok)
      }
    }
    let connection = try connection(server)
    #expect(try connection.get().body == Array("ok".utf8))
    #expect(try connection.post([1, 2, 3]).status == 200)
    #expect(try connection.get().status == 200)
    #expect(
      requests.all == [
        "GET /next HTTP/1.1\r\nHost: \(server.address)\r\n\r\n",
        "POST /response HTTP/1.1\r\nHost: \(server.address)\r\nContent-Length: 3\r\n\r\n\u{1}\u{2}\u{3}",
        "GET /next HTTP/1.1\r\nHost: \(server.address)\r\n\r\n",
      ])
  }

  @Test func aResponseThatEndsTheConnectionIsFollowedByAnotherConnection() throws {
    let server = try RawServer()
    for response in [
      "HTTP/1.1 200 OK\r\nConnection: close\r\nContent-Length: 0\r\n\r\n", ok + "more",
    ] {
      server.serve(
        {
          $0.readRequest()
          $0.write(response)
          _ = $0.read()
        },
        {
          $0.readRequest()
          $0.write(ok)
        })
      let connection = try connection(server)
      _ = try connection.get()
      #expect(try connection.get().body == Array("ok".utf8))
    }
  }

  /// What happens to an idle connection while the handler works.
  enum Idle: CaseIterable { case end, reset, unrequestedBytes }

  @Test(arguments: Idle.allCases)
  func aPostIsNotSentOnAConnectionThatIsNotIdle(event: Idle) throws {
    let server = try RawServer()
    let (hasAnswered, hasHappened) = (Box<Void>(), Box<Void>())
    let requests = Recorder<String>()
    server.serve(
      { peer in
        peer.readRequest()
        peer.write(ok)
        _ = hasAnswered.wait()
        switch event {
        case .end: peer.finish()
        case .reset: peer.reset()
        case .unrequestedBytes: peer.write("HTTP/1.1 200 OK\r\n")
        }
        hasHappened.set(())
        if event != .reset { requests.add(peer.readRequest()) }
      },
      {
        requests.add($0.readRequest())
        $0.write(ok)
      })
    let connection = try connection(server)
    _ = try connection.get()
    hasAnswered.set(())
    _ = hasHappened.wait()
    #expect(try connection.post().status == 200)
    #expect(requests.all.filter { !$0.isEmpty }.count == 1)
  }

  @Test func aPostThatMayHaveArrivedIsNotRepeated() throws {
    for isReset in [true, false] {
      let server = try RawServer()
      server.serve { peer in
        peer.readRequest()
        peer.write(ok)
        peer.readRequest()
        if isReset { peer.reset() }
      }
      let connection = try connection(server)
      _ = try connection.post()
      #expect(
        connection.kindOfFailure { conn throws(RuntimeAPIError) in try conn.post() }
          == .connectionLost)
    }
  }

  @Test func aResponseToAnUnfinishedRequestIsRead() throws {
    let server = try RawServer()
    server.serve(
      { peer in
        _ = peer.read(100)
        peer.write("HTTP/1.1 413 Payload Too Large\r\nContent-Length: 0\r\n\r\n")
        // What it has not read makes the end of its connection a reset.
      },
      {
        $0.readRequest()
        $0.write(ok)
      })
    let connection = try connection(server)
    #expect(try connection.post([UInt8](repeating: 0x20, count: 32 << 20)).status == 413)
    #expect(try connection.get().status == 200)
  }

  @Test func withoutAListenerNothingIsSent() throws {
    let port = try ReservedPort()
    let connection = RuntimeConnection(
      try RuntimeAddress("127.0.0.1:\(port.number)"), clock: .system, timeoutMilliseconds: 60_000)
    let error = #expect(throws: RuntimeAPIError.self) { try connection.post() }
    #expect(error?.kind == .connection)
    #expect(error?.message == "no connection to 127.0.0.1:\(port.number): Connection refused")
  }

  @Test func aPostEndsAtItsTimeLimitAndANextDoesNot() throws {
    let server = try RawServer()
    let hasTimedOut = Box<Void>()
    server.serve(
      { peer in
        peer.readRequest()
        _ = hasTimedOut.wait()
      },
      { peer in
        peer.readRequest()
        _ = peer.read()
      },
      { peer in
        peer.readRequest()
        // Several times the limit.
        if !peer.isGone(withinMilliseconds: 200) { peer.write(ok) }
      })
    let connection = try connection(server, timeoutMilliseconds: 50)
    #expect(
      connection.kindOfFailure { conn throws(RuntimeAPIError) in try conn.post() } == .timedOut)
    hasTimedOut.set(())
    #expect(
      connection.kindOfFailure { conn throws(RuntimeAPIError) in try conn.post() } == .timedOut)
    #expect(try connection.get().status == 200)
  }

  @Test func aByteNowAndThenDoesNotProlongAPost() throws {
    let server = try RawServer()
    let milliseconds = Recorder<Void>()
    server.serve { peer in
      peer.readRequest()
      peer.write("HTTP/1.1 200 OK\r\n")
      while !peer.isGone() { peer.write("A: b\r\n") }
    }
    // Each look at the clock is a second later.
    let clock = Clock(
      unixMilliseconds: Clock.system.unixMilliseconds,
      monotonicMilliseconds: { Int64(milliseconds.add(())) * 1_000 })
    let connection = RuntimeConnection(
      try RuntimeAddress(server.address), clock: clock, timeoutMilliseconds: 3_000)
    #expect(
      connection.kindOfFailure { conn throws(RuntimeAPIError) in try conn.post() } == .timedOut)
  }

  @Test func signalsInterruptNeitherSendingNorReceiving() throws {
    let server = try RawServer()
    let thread = Box<(handle: pthread_t, folder: String?)>()
    let result = Box<RuntimeAPIError.Kind?>()
    var action = sigaction()
    action.__sigaction_handler.sa_handler = { _ in }
    // Without SA_RESTART, so that each call ends with EINTR, or with a part of the bytes.
    sigaction(SIGUSR1, &action, nil)
    let address = try RuntimeAddress(server.address)
    Thread.detachNewThread {
      letSignalsIn()
      let folder = try? FileManager.default.destinationOfSymbolicLink(atPath: "/proc/thread-self")
      thread.set((pthread_self(), folder))
      let connection = RuntimeConnection(address, clock: .system, timeoutMilliseconds: 60_000)
      result.set(
        connection.kindOfFailure { conn throws(RuntimeAPIError) in
          try conn.post([UInt8](repeating: 0x41, count: 16 << 20))
        })
    }
    let peer = server.accept()
    let sender = try #require(thread.wait())
    let folder = try #require(sender.folder)
    var received = 0
    while received < 16 << 20 {
      pthread_kill(sender.handle, SIGUSR1)
      received += peer.read(65_536).filter { $0 == 0x41 }.count
    }
    for part in ["HTTP/1.1 200", " OK\r\nContent-Length: 2\r\n", "\r\n", "o", "k"] {
      // Asleep in the kernel, it waits for this part; after the signal it does so again.
      #expect(waitUntil { sleeps(of: folder) != nil })
      let before = sleeps(of: folder) ?? 0
      pthread_kill(sender.handle, SIGUSR1)
      #expect(waitUntil { (sleeps(of: folder) ?? 0) > before })
      peer.write(part)
    }
    #expect(result.wait() == .some(nil))
  }

  @Test func anInterruptionDoesNotProlongConnecting() throws {
    let server = try RawServer()
    let callers = server.fillQueue()
    defer { callers.forEach { close($0) } }
    signal(SIGUSR1) { _ in }
    let address = try RuntimeAddress(server.address)
    let (thread, message) = (Box<pthread_t>(), Box<String>())
    Thread.detachNewThread {
      letSignalsIn()
      thread.set(pthread_self())
      let connection = RuntimeConnection(address, clock: .system, timeoutMilliseconds: 60_000)
      do throws(RuntimeAPIError) { _ = try connection.get() } catch { message.set(error.message) }
    }
    let caller = try #require(thread.wait())
    Thread.sleep(forTimeInterval: 0.3)
    pthread_kill(caller, SIGUSR1)
    #expect(
      message.wait(timeoutSeconds: 60) == "no connection to \(server.address) within 2000 ms")
  }

  @Test func aByteReadNowAndThenDoesNotProlongAPost() throws {
    let server = try RawServer()
    server.serve { peer in
      for _ in 0..<600 where !peer.isGone(withinMilliseconds: 100) { _ = peer.read(8_192) }
    }
    let connection = try connection(server, timeoutMilliseconds: 1_000)
    // One call of the kernel sends for two seconds; after a minute, the server ends the connection.
    #expect(
      connection.kindOfFailure { conn throws(RuntimeAPIError) in
        try conn.post([UInt8](repeating: 0x20, count: 32 << 20))
      } == .timedOut)
  }

  @Test func anInterimResponseDoesNotEndARequest() throws {
    let server = try RawServer()
    let bodyBytes = 16 << 20
    server.serve { peer in
      peer.write("HTTP/1.1 100 Continue\r\n\r\n")
      // Longer than one call of the kernel, so that the client looks for a response before all is sent.
      if peer.isGone(withinMilliseconds: 3_000) { return }
      var received = 0
      while received < bodyBytes {
        let bytes = peer.read()
        if bytes.isEmpty { return }
        received += bytes.count
      }
      peer.write(ok)
    }
    let connection = try connection(server, timeoutMilliseconds: 120_000)
    #expect(try connection.post([UInt8](repeating: 0x41, count: bodyBytes)).status == 200)
  }

  @Test func neitherALateFirstByteNorASignalProlongsAPost() throws {
    let server = try RawServer()
    server.serve(
      { peer in
        peer.readRequest()
        Thread.sleep(forTimeInterval: 0.8)
        peer.write("H")
        // Nearly as long as another wait of the kernel, which would follow.
        if !peer.isGone(withinMilliseconds: 900) { peer.write(String(ok.dropFirst())) }
      },
      { peer in
        peer.readRequest()
        if !peer.isGone(withinMilliseconds: 60_000) { peer.write(ok) }
      })
    let connection = try connection(server, timeoutMilliseconds: 1_000)
    #expect(
      connection.kindOfFailure { conn throws(RuntimeAPIError) in try conn.post() } == .timedOut)
    signal(SIGUSR1) { _ in }
    let (caller, result) = (Box<pthread_t>(), Box<RuntimeAPIError.Kind?>())
    let isOver = Box<Void>()
    let address = try RuntimeAddress(server.address)
    Thread.detachNewThread {
      letSignalsIn()
      caller.set(pthread_self())
      let connection = RuntimeConnection(address, clock: .system, timeoutMilliseconds: 1_000)
      result.set(
        connection.kindOfFailure { conn throws(RuntimeAPIError) in try conn.post() })
      // A thread that has ended must not get a signal.
      _ = isOver.wait()
    }
    let thread = try #require(caller.wait())
    var kind: RuntimeAPIError.Kind??
    repeat {
      pthread_kill(thread, SIGUSR1)
      kind = result.wait(timeoutSeconds: 0.2)
    } while kind == nil
    isOver.set(())
    #expect(kind == .timedOut)
  }

  @Test(arguments: Idle.allCases)
  func aNextIsNotSentOnAConnectionThatIsNotIdle(event: Idle) throws {
    let server = try RawServer()
    let hasHappened = Box<Void>()
    server.serve(
      { peer in
        peer.readRequest()
        peer.write(ok)
        Thread.sleep(forTimeInterval: 0.1)
        switch event {
        case .end: peer.finish()
        case .reset: peer.reset()
        case .unrequestedBytes: peer.write("HTTP/1.1 500 Error\r\nContent-Length: 0\r\n\r\n")
        }
        hasHappened.set(())
        if event != .reset { peer.readRequest() }
      },
      {
        $0.readRequest()
        $0.write(ok)
      })
    let connection = try connection(server)
    _ = try connection.post()
    _ = hasHappened.wait()
    #expect(try connection.get().status == 200)
  }
}

@Suite struct RuntimeAddressTests {
  @Test(arguments: [
    "", ":1", "host:", "host:port", "host:0", "host:65536", "host:-1", "a host:1",
    "http://127.0.0.1", "127.0.0.1:1/",
    "127.0.0.1:1/\n", "host\r\n:1", "user@host:1", "::1:", "[::1", "[::1]x:1", "host:1 ", "host:+1",
  ])
  func anythingButHostAndPortIsRefused(text: String) {
    #expect(throws: RuntimeAPIError.self) { try RuntimeAddress(text) }
  }

  @Test func aNameIsResolvedAndEachAddressTried() throws {
    let server = try RawServer()
    server.serve {
      $0.readRequest()
      $0.write(ok)
    }
    let connection = RuntimeConnection(
      try RuntimeAddress("localhost:\(server.port)"), clock: .system, timeoutMilliseconds: 60_000)
    #expect(try connection.get().status == 200)
  }

  @Test func aNameWithoutAnAddressIsNamed() throws {
    // Too long a label, for which no name server is asked.
    let name = String(repeating: "a", count: 64)
    let connection = RuntimeConnection(
      try RuntimeAddress(name + ":9001"), clock: .system, timeoutMilliseconds: 60_000)
    let error = #expect(throws: RuntimeAPIError.self) { try connection.get() }
    #expect(error?.kind == .nameResolution)
    #expect(error?.message.hasPrefix("\(name) has no address: ") == true)
  }

  @Test(arguments: ["[::1]:9001", "[::1]", "host", "host.example.com:80", "127.0.0.1:65535"])
  func aHostMayBeANameOrAnAddress(text: String) throws {
    #expect(try RuntimeAddress(text).text == text)
  }
}

@Suite struct RuntimeRequestTests {
  @Test func aPartThatWouldNotStayOnItsLineIsRefused() throws {
    let address = try RuntimeAddress("127.0.0.1:1")
    for path in ["/a b", "/a\r\nX: 1", "/ä", "/\u{0}"] {
      #expect(throws: RuntimeAPIError.self) { try RuntimeRequest("GET", path, to: address) }
    }
    for value in ["a\nb", "a\rb", "\u{0}"] {
      var request = try RuntimeRequest("GET", "/", to: address)
      #expect(throws: RuntimeAPIError.self) { try request.add("X", value) }
    }
  }
}
