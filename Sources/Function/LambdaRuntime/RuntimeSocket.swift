import Glibc
import Platform

/// A TCP connection to the Runtime API, with blocking calls; closed when it is released.
@safe final class RuntimeSocket: ByteSource {
  /// A process on the same machine accepts a connection at once. Also how long the kernel waits in one call that
  /// sends.
  private static let connectMilliseconds: Int64 = 2_000

  private let descriptor: Int32
  private let clock: Clock
  private let timeoutMilliseconds: Int64
  /// When the current exchange has lasted too long, on the monotonic clock; nil for never.
  private var endMilliseconds: Int64?
  /// Of the current exchange.
  private var receivedBytes = 0

  /// Connects.
  ///
  /// - Parameter timeoutMilliseconds: how long an exchange with a limit waits for its response.
  init(_ address: RuntimeAddress, clock: Clock, timeoutMilliseconds: Int64) throws(RuntimeAPIError)
  {
    self.clock = clock
    self.timeoutMilliseconds = timeoutMilliseconds
    descriptor = try unsafe address.first { (socketAddress, length) throws(RuntimeAPIError) in
      let descriptor = unsafe socket(
        Int32(socketAddress.pointee.sa_family),
        Int32(SOCK_STREAM.rawValue | SOCK_CLOEXEC.rawValue), 0)
      guard descriptor >= 0 else { throw Self.failure(.connection, "no socket", errno) }
      Self.limitWaits(of: descriptor, timeoutMilliseconds)
      do throws(RuntimeAPIError) {
        try unsafe Self.connect(descriptor, socketAddress, length, address)
      } catch {
        close(descriptor)
        throw error
      }
      return descriptor
    }
  }

  deinit { close(descriptor) }

  /// Options without which the calls would only wait longer: a refusal is not an error.
  private static func limitWaits(of descriptor: Int32, _ timeoutMilliseconds: Int64) {
    for (option, milliseconds) in [
      (SO_SNDTIMEO, connectMilliseconds), (SO_RCVTIMEO, timeoutMilliseconds),
    ] {
      var time = timeval(
        tv_sec: Int(milliseconds / 1000), tv_usec: Int(milliseconds % 1000) * 1000)
      _ = unsafe setsockopt(
        descriptor, SOL_SOCKET, option, &time, socklen_t(MemoryLayout<timeval>.size))
    }
    // Else the end of a long response waits for the acknowledgment of its beginning.
    var isOn: Int32 = 1
    _ = unsafe setsockopt(
      descriptor, Int32(IPPROTO_TCP), TCP_NODELAY, &isOn, socklen_t(MemoryLayout<Int32>.size))
  }

  private static func connect(
    _ descriptor: Int32, _ socketAddress: UnsafePointer<sockaddr>, _ length: socklen_t,
    _ address: RuntimeAddress
  ) throws(RuntimeAPIError) {
    while unsafe Glibc.connect(descriptor, socketAddress, length) != 0 {
      switch errno {
      // After an interruption, the next call continues to wait, and has a code of its own for the end of its time.
      case EINTR: continue
      case EISCONN: return
      case EINPROGRESS, EALREADY:
        throw RuntimeAPIError(
          .connection, "no connection to \(address.text) within \(connectMilliseconds) ms")
      case let code: throw failure(.connection, "no connection to \(address.text)", code)
      }
    }
  }

  private static func failure(
    _ kind: RuntimeAPIError.Kind, _ what: String, _ code: Int32
  ) -> RuntimeAPIError {
    RuntimeAPIError(kind, "\(what): \(unsafe String(cString: strerror(code)))")
  }

  /// Whether nothing has arrived since the last response, neither bytes nor the end of the connection.
  var isIdle: Bool { peek() < 0 && (errno == EAGAIN || errno == EINTR) }

  /// - Returns: 1 when a byte can be read, 0 at the end of the connection.
  private func peek() -> Int {
    var byte: UInt8 = 0
    return unsafe recv(descriptor, &byte, 1, Int32(MSG_PEEK | MSG_DONTWAIT))
  }

  /// Begins an exchange.
  func begin(isLimited: Bool) {
    receivedBytes = 0
    endMilliseconds =
      isLimited ? clock.monotonicMilliseconds().clampedAdding(timeoutMilliseconds) : nil
  }

  /// Sends a request in as few parts as the kernel takes.
  ///
  /// - Returns: false when a response came before all was sent.
  func send(_ head: [UInt8], _ body: [UInt8]) throws(RuntimeAPIError) -> Bool {
    var sent = 0
    while sent < head.count + body.count {
      let count = unsafe head.withUnsafeBytes { head in
        unsafe body.withUnsafeBytes { body in
          unsafe sendParts(head.dropFirst(sent), body.dropFirst(max(0, sent - head.count)))
        }
      }
      let code = count < 0 ? errno : EAGAIN
      sent += max(0, count)
      if code == EINTR || sent == head.count + body.count { continue }
      // For instance 413, to what is still being sent. An interim response is not the end of it.
      if code == EAGAIN ? hasFinalResponse : peek() > 0 { return false }
      guard code == EAGAIN else {
        throw Self.failure(.connectionLost, "the connection broke while sending", code)
      }
      // A part now and then must not prolong an exchange.
      try checkTime()
    }
    return true
  }

  /// Whether something other than `HTTP/1.1 1xx` can be read.
  private var hasFinalResponse: Bool {
    var bytes = [UInt8](repeating: 0, count: 10)
    let count = unsafe recv(descriptor, &bytes, bytes.count, Int32(MSG_PEEK | MSG_DONTWAIT))
    return count > 0 && (count < bytes.count || bytes[9] != 0x31)
  }

  private func sendParts(
    _ head: Slice<UnsafeRawBufferPointer>, _ body: Slice<UnsafeRawBufferPointer>
  ) -> Int {
    var parts = unsafe [
      UnsafeRawBufferPointer(rebasing: head), UnsafeRawBufferPointer(rebasing: body),
    ].map {
      unsafe iovec(iov_base: UnsafeMutableRawPointer(mutating: $0.baseAddress), iov_len: $0.count)
    }
    return unsafe parts.withUnsafeMutableBufferPointer { parts in
      var message = unsafe msghdr()
      unsafe message.msg_iov = parts.baseAddress
      unsafe message.msg_iovlen = parts.count
      // A closed connection is an error of this call, not a SIGPIPE for the process.
      return unsafe sendmsg(descriptor, &message, Int32(MSG_NOSIGNAL))
    }
  }

  func receive(into buffer: UnsafeMutableRawBufferPointer) throws(RuntimeAPIError) -> Int {
    // A byte now and then must not prolong an exchange. Whether the first one is late, the kernel decides: after
    // a freeze, it may have waited here.
    if receivedBytes > 0 {
      try checkTime()
      try waitForBytes()
    }
    while true {
      let count = unsafe recv(descriptor, buffer.baseAddress, buffer.count, 0)
      if count >= 0 {
        receivedBytes += count
        return count
      }
      switch errno {
      // The next call would wait for the whole time again.
      case EINTR: try waitForBytes()
      case EAGAIN where endMilliseconds == nil: continue
      case EAGAIN: throw timedOut
      case let code: throw Self.failure(.connectionLost, "the connection broke", code)
      }
    }
  }

  /// Waits no longer than until the exchange has lasted too long. What has come can be received even then.
  private func waitForBytes() throws(RuntimeAPIError) {
    guard let endMilliseconds else { return }
    while true {
      let rest = max(0, endMilliseconds - clock.monotonicMilliseconds())
      var entry = pollfd(fd: descriptor, events: Int16(POLLIN), revents: 0)
      switch unsafe poll(&entry, 1, Int32(clamping: rest)) {
      case 0: throw timedOut
      case -1 where errno == EINTR: continue
      default: return
      }
    }
  }

  private func checkTime() throws(RuntimeAPIError) {
    guard let endMilliseconds, clock.monotonicMilliseconds() >= endMilliseconds else { return }
    throw timedOut
  }

  private var timedOut: RuntimeAPIError {
    RuntimeAPIError(.timedOut, "no complete response within \(timeoutMilliseconds / 1000) s")
  }
}
