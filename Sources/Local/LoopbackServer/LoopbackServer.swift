import Foundation
import Synchronization

/// A small HTTP/1.1 server on blocking sockets, bound to 127.0.0.1 only: a thread per connection,
/// the request's raw target and headers kept as sent, and handlers that respond, inject faults, or
/// wait for hours.
///
/// It serves the Runtime API, S3 and SageMaker on this machine; it is not meant for a network.
package final class LoopbackServer: @unchecked Sendable {
  /// Responds to one request. Returning without sending anything closes the connection; throwing
  /// before that sends a 500.
  package typealias Handler = @Sendable (ReceivedHTTPRequest, LoopbackConnection) throws -> Void

  private static let maximumConnections = 1024

  package let port: UInt16
  /// `http://127.0.0.1:PORT`, without a slash at the end.
  package var baseURL: String { "http://127.0.0.1:\(port)" }

  private let listener: Int32
  private let limits: RequestLimits
  private let wrap: (@Sendable (Int32) throws -> any ByteStream)?
  private let handler: Handler
  /// Guards `connections`, `acceptor` and `isStopped`; signaled when a thread ends.
  private let condition = NSCondition()
  private var connections: [ObjectIdentifier: LoopbackConnection] = [:]
  private var liveThreads = 0
  private var isStopped = false

  /// Binds, listens, and starts to accept connections.
  /// - Parameters:
  ///   - port: 0 chooses a free port.
  ///   - maximumHeaderBytes: a longer head is answered with 431.
  ///   - maximumBodyBytes: a longer body is answered with 413.
  ///   - wrap: puts a layer such as TLS over an accepted socket; it may block, and does not own the
  ///     descriptor. A throw closes the connection.
  ///   - handler: called on the connection's thread, one request at a time per connection.
  /// - Throws: ``SocketError``.
  package init(
    port: UInt16 = 0, maximumHeaderBytes: Int = 65_536, maximumBodyBytes: Int = 64 << 20,
    wrap: (@Sendable (Int32) throws -> any ByteStream)? = nil, handler: @escaping Handler
  ) throws {
    (listener, self.port) = try Self.listen(on: port)
    limits = RequestLimits(
      maximumHeaderBytes: maximumHeaderBytes, maximumBodyBytes: maximumBodyBytes)
    self.wrap = wrap
    self.handler = handler
    startThread(named: "loopback-accept") { $0.acceptConnections() }
  }

  deinit {
    // Threads hold the server while they run, so this runs after the last has ended.
    close(listener)
  }

  /// Closes the listener and every connection, and waits until their threads have ended, at most
  /// five seconds. May be called twice.
  /// - Returns: whether all have ended. False: a handler that ignores its closed connection is left
  ///   behind, and may still record something.
  @discardableResult
  package func stop() -> Bool {
    condition.lock()
    isStopped = true
    let open = Array(connections.values)
    condition.unlock()
    shutdown(listener, Int32(SHUT_RDWR))
    open.forEach { $0.close() }
    let limit = Date(timeIntervalSinceNow: 5)
    condition.lock()
    while liveThreads > 0, condition.wait(until: limit) {}
    defer { condition.unlock() }
    return liveThreads == 0
  }

  /// The address that the socket itself is bound to, in dotted form.
  package var boundAddress: String {
    get throws {
      var address = sockaddr_in()
      var length = socklen_t(MemoryLayout<sockaddr_in>.size)
      let named = withUnsafeMutablePointer(to: &address) { pointer in
        pointer.withMemoryRebound(to: sockaddr.self, capacity: 1) {
          getsockname(listener, $0, &length)
        }
      }
      try check(named, "getsockname")
      return String(cString: inet_ntoa(address.sin_addr))
    }
  }

  // MARK: Listening

  private static func listen(on port: UInt16) throws(SocketError) -> (Int32, UInt16) {
    let type = Int32(SOCK_STREAM.rawValue | SOCK_CLOEXEC.rawValue)
    let descriptor = try check(socket(AF_INET, type, 0), "socket")
    do {
      var on: Int32 = 1
      let size = socklen_t(MemoryLayout<Int32>.size)
      try check(
        setsockopt(descriptor, SOL_SOCKET, SO_REUSEADDR, &on, size), "setsockopt(SO_REUSEADDR)")
      var address = sockaddr_in()
      address.sin_family = sa_family_t(AF_INET)
      address.sin_port = port.bigEndian
      address.sin_addr.s_addr = UInt32(0x7F00_0001).bigEndian
      var length = socklen_t(MemoryLayout<sockaddr_in>.size)
      let (bound, named) = withUnsafeMutablePointer(to: &address) { pointer in
        pointer.withMemoryRebound(to: sockaddr.self, capacity: 1) { generic in
          (bind(descriptor, generic, length), getsockname(descriptor, generic, &length))
        }
      }
      try check(bound, "bind")
      try check(named, "getsockname")
      try check(Glibc.listen(descriptor, 512), "listen")
      return (descriptor, UInt16(bigEndian: address.sin_port))
    } catch {
      close(descriptor)
      throw error
    }
  }

  private func acceptConnections() {
    while true {
      let descriptor = accept(listener, nil, nil)
      if descriptor >= 0 {
        // CLOEXEC everywhere: local-invoke starts processes, which must not inherit a socket.
        _ = fcntl(descriptor, F_SETFD, FD_CLOEXEC)
        begin(descriptor)
        continue
      }
      switch errno {
      case EINTR, ECONNABORTED: continue
      // Until a connection ends.
      case EMFILE, ENFILE, ENOBUFS, ENOMEM: Thread.sleep(forTimeInterval: 0.01)
      default: return
      }
      condition.lock()
      let ended = isStopped
      condition.unlock()
      if ended { return }
    }
  }

  private func begin(_ descriptor: Int32) {
    var on: Int32 = 1
    setsockopt(
      descriptor, Int32(IPPROTO_TCP), TCP_NODELAY, &on, socklen_t(MemoryLayout<Int32>.size))
    condition.lock()
    let isRefused = isStopped || connections.count >= Self.maximumConnections
    condition.unlock()
    if isRefused {
      close(descriptor)
    } else {
      startThread(named: "loopback-\(descriptor)") { $0.serve(descriptor) }
    }
  }

  private func startThread(named name: String, _ body: @escaping @Sendable (LoopbackServer) -> Void)
  {
    condition.lock()
    liveThreads += 1
    condition.unlock()
    let thread = Thread { [self] in
      body(self)
      condition.lock()
      liveThreads -= 1
      condition.broadcast()
      condition.unlock()
    }
    thread.name = name
    thread.start()
  }

  // MARK: A connection's life

  private func serve(_ descriptor: Int32) {
    let connection = LoopbackConnection(descriptor: descriptor)
    guard register(connection) else { return connection.finish() }
    defer {
      unregister(connection)
      connection.finish()
    }
    // Registered before the handshake, so that stop() ends one that the client never finishes.
    guard let stream = try? wrap?(descriptor) ?? PlainStream(descriptor: descriptor) else { return }
    connection.begin(over: stream)
    var reader = RequestReader(stream: stream, limits: limits)
    do {
      while connection.staysOpen, let request = try reader.next() {
        connection.begin(request)
        answer(request, on: connection)
      }
    } catch let failure as RequestFailure where failure != .cutShort {
      connection.begin(ReceivedHTTPRequest(method: "GET", target: "/", keepsAlive: false))
      let text =
        if case .malformed(let reason) = failure { reason } else { statusText(failure.status) }
      try? connection.send(
        status: failure.status, headers: [("Content-Type", "text/plain")],
        body: Array("\(text)\n".utf8))
      connection.closeAfterDraining()
    } catch {
      // The client closed the connection in the middle of a request, so no response is possible.
    }
  }

  private func answer(_ request: ReceivedHTTPRequest, on connection: LoopbackConnection) {
    do {
      try handler(request, connection)
      if !connection.hasSent { connection.close() }
    } catch {
      if connection.hasSent {
        connection.close()
      } else {
        connection.closeAfterResponse()
        try? connection.send(
          status: 500, headers: [("Content-Type", "text/plain")], body: Array("\(error)\n".utf8))
      }
    }
  }

  private func register(_ connection: LoopbackConnection) -> Bool {
    condition.lock()
    defer { condition.unlock() }
    if isStopped { return false }
    connections[ObjectIdentifier(connection)] = connection
    return true
  }

  private func unregister(_ connection: LoopbackConnection) {
    condition.lock()
    connections[ObjectIdentifier(connection)] = nil
    condition.unlock()
  }
}
