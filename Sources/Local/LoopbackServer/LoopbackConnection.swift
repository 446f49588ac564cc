import Glibc

/// POLLRDHUP of <poll.h>, which Swift's Glibc hides: the client has shut down its side.
private let hungUp: Int16 = 0x2000

/// One client's connection: responds to its requests, or injects faults for a test.
///
/// ``close()`` and ``reset()`` may be called from any thread, the rest while the handler runs.
package final class LoopbackConnection: @unchecked Sendable {
  private struct State {
    var isOpen = true
    /// Nil until the TLS handshake, if any, is done.
    var stream: (any ByteStream)?
    var hasSent = false
    var isLast = false
    var isHead = false
  }

  let descriptor: Int32
  private let state = Locked(State())

  init(descriptor: Int32) {
    self.descriptor = descriptor
  }

  func begin(over stream: any ByteStream) {
    state.withLock { $0.stream = stream }
  }

  // MARK: Answering

  /// Sends a whole response in one write.
  ///
  /// Adds Content-Length unless `headers` contain it or Transfer-Encoding. A response to HEAD, and
  /// a 204, 304, or 1xx, is sent without its body. A header `Connection: close` closes the
  /// connection afterwards.
  /// - Throws: ``SocketError`` when the client is gone.
  package func send(status: Int, headers: [(String, String)] = [], body: [UInt8] = []) throws {
    let (isHead, closes) = state.withLock { state in
      if headers.contains(where: {
        equalsIgnoringCase($0.0, "connection") && equalsIgnoringCase($0.1, "close")
      }) {
        state.isLast = true
      }
      return (state.isHead, state.isLast)
    }
    var head = "HTTP/1.1 \(status) \(statusText(status))\r\n"
    for (name, value) in headers { head += "\(name): \(value)\r\n" }
    let names = headers.map(\.0)
    let hasBody = status >= 200 && status != 204 && status != 304
    if hasBody
      && !names.contains(where: {
        equalsIgnoringCase($0, "content-length") || equalsIgnoringCase($0, "transfer-encoding")
      })
    {
      head += "Content-Length: \(body.count)\r\n"
    }
    if closes && !names.contains(where: { equalsIgnoringCase($0, "connection") }) {
      head += "Connection: close\r\n"
    }
    head += "\r\n"
    try write(Array(head.utf8), hasBody && !isHead ? body : [])
  }

  /// Sends bytes as they are: a part of a body, chunks, or data that is not HTTP.
  /// - Throws: ``SocketError`` when the client is gone.
  package func sendRaw(_ bytes: [UInt8]) throws {
    try write(bytes, [])
  }

  private func write(_ head: [UInt8], _ body: [UInt8]) throws {
    let open: (any ByteStream)? = state.withLock { state in
      state.hasSent = true
      return state.isOpen ? state.stream : nil
    }
    guard let stream = open else { throw SocketError("send", code: EPIPE) }
    if body.count > 262_144 {
      try head.withUnsafeBytes { try stream.write($0) }
      try body.withUnsafeBytes { try stream.write($0) }
    } else {
      try (head + body).withUnsafeBytes { try stream.write($0) }
    }
  }

  // MARK: Ending

  /// Ends the connection in an orderly way (FIN).
  package func close() {
    // The lock prevents the connection's thread from releasing the descriptor in the meantime.
    state.withLock { state in
      if state.isOpen { shutdown(descriptor, Int32(SHUT_RDWR)) }
      state.isOpen = false
    }
  }

  /// Ends the connection with a TCP reset, so that the client's pending call fails with ECONNRESET.
  package func reset() {
    state.withLock { state in
      guard state.isOpen else { return }
      state.isOpen = false
      var option = linger(l_onoff: 1, l_linger: 0)
      setsockopt(descriptor, SOL_SOCKET, SO_LINGER, &option, socklen_t(MemoryLayout<linger>.size))
      // Dissolving the association sends the reset at once; the descriptor stays with the
      // connection's thread.
      var nowhere = sockaddr()
      nowhere.sa_family = sa_family_t(AF_UNSPEC)
      connect(descriptor, &nowhere, socklen_t(MemoryLayout<sockaddr>.size))
    }
  }

  /// Marks the current response as the last one of this connection, which closes after it.
  package func closeAfterResponse() {
    state.withLock { $0.isLast = true }
  }

  // MARK: Watching the client

  /// Whether the client has closed or reset its side, or the connection was ended here.
  package var isClientGone: Bool {
    guard state.withLock({ $0.isOpen }) else { return true }
    var entry = pollfd(fd: descriptor, events: hungUp, revents: 0)
    return poll(&entry, 1, 0) > 0 && entry.revents != 0
  }

  /// Waits without limit until the latch is set (true) or the client or the server has ended the
  /// connection (false).
  package func wait(for wakeUp: WakeUp) -> Bool {
    guard state.withLock({ $0.isOpen }) else { return false }
    var entries = [
      pollfd(fd: descriptor, events: hungUp, revents: 0),
      pollfd(fd: wakeUp.descriptor, events: Int16(POLLIN), revents: 0),
    ]
    while poll(&entries, 2, -1) < 0 && errno == EINTR {}
    return entries[0].revents == 0 && entries[1].revents != 0
  }

  /// Waits, up to a limit, until the client or the server has ended the connection. Returns whether
  /// it has.
  @discardableResult
  package func waitUntilClientIsGone(timeoutMilliseconds: Int32 = -1) -> Bool {
    guard state.withLock({ $0.isOpen }) else { return true }
    var entry = pollfd(fd: descriptor, events: hungUp, revents: 0)
    return poll(&entry, 1, timeoutMilliseconds) > 0 && entry.revents != 0
  }

  // MARK: For the server

  func begin(_ request: ReceivedHTTPRequest) {
    state.withLock { state in
      state.hasSent = false
      state.isHead = request.method == "HEAD"
      state.isLast = !request.keepsAlive
    }
  }

  var hasSent: Bool { state.withLock { $0.hasSent } }

  /// Whether another request may follow.
  var staysOpen: Bool { state.withLock { $0.isOpen && !$0.isLast } }

  /// Ends the connection after an error response so that the client can still read it: unread input
  /// would turn the FIN into a reset.
  func closeAfterDraining() {
    guard state.withLock({ $0.isOpen }) else { return }
    shutdown(descriptor, Int32(SHUT_WR))
    let scratch = UnsafeMutableRawBufferPointer.allocate(byteCount: 65_536, alignment: 1)
    defer { scratch.deallocate() }
    var entry = pollfd(fd: descriptor, events: Int16(POLLIN), revents: 0)
    // At most 64 MiB, and at most half a second without a byte.
    for _ in 0..<1024 {
      guard poll(&entry, 1, 500) > 0, recv(descriptor, scratch.baseAddress, scratch.count, 0) > 0
      else { return }
    }
  }

  /// Closes every layer and releases the descriptor; called last on the connection's thread.
  func finish() {
    let stream = state.withLock { state in
      defer { state.stream = nil }
      return state.isOpen ? state.stream : nil
    }
    stream?.finish()
    close()
    Glibc.close(descriptor)
  }
}
