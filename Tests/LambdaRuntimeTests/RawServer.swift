import Foundation
import Glibc
import TestSupport

/// A socket on loopback whose test decides about each call of the kernel.
final class RawServer: Sendable {
  private let listener: Int32
  let port: UInt16
  var address: String { "127.0.0.1:\(port)" }

  init() throws {
    listener = socket(AF_INET, Int32(SOCK_STREAM.rawValue), 0)
    var address = sockaddr_in()
    address.sin_family = sa_family_t(AF_INET)
    address.sin_addr.s_addr = UInt32(0x7F00_0001).bigEndian
    var size = socklen_t(MemoryLayout<sockaddr_in>.size)
    let listener = listener
    let result = withUnsafeMutablePointer(to: &address) {
      $0.withMemoryRebound(to: sockaddr.self, capacity: 1) {
        bind(listener, $0, size) + listen(listener, 8) + getsockname(listener, $0, &size)
      }
    }
    guard listener >= 0, result == 0 else { throw POSIXError(.EADDRNOTAVAIL) }
    port = UInt16(bigEndian: address.sin_port)
  }

  deinit { close(listener) }

  func accept() -> Peer { Peer(descriptor: Glibc.accept(listener, nil, nil)) }

  /// Connects until the kernel no longer answers, because nobody accepts.
  ///
  /// - Returns: sockets to close.
  func fillQueue() -> [Int32] {
    (0..<16).map { _ in
      let caller = socket(AF_INET, Int32(SOCK_STREAM.rawValue | SOCK_NONBLOCK.rawValue), 0)
      var address = sockaddr_in()
      address.sin_family = sa_family_t(AF_INET)
      address.sin_port = port.bigEndian
      address.sin_addr.s_addr = UInt32(0x7F00_0001).bigEndian
      withUnsafePointer(to: &address) {
        $0.withMemoryRebound(to: sockaddr.self, capacity: 1) {
          _ = connect(caller, $0, socklen_t(MemoryLayout<sockaddr_in>.size))
        }
      }
      return caller
    }
  }

  /// Accepts connections one after the other on a thread of its own, one for each script.
  func serve(_ scripts: (@Sendable (Peer) -> Void)...) {
    Thread.detachNewThread {
      for script in scripts { script(self.accept()) }
    }
  }

  /// The other end of an accepted connection.
  final class Peer: Sendable {
    private let descriptor: Int32

    init(descriptor: Int32) { self.descriptor = descriptor }

    deinit { close(descriptor) }

    /// At most as many bytes; none at the end of the connection.
    func read(_ limit: Int = 65_536) -> [UInt8] {
      [UInt8](unsafeUninitializedCapacity: limit) { buffer, count in
        count = max(0, recv(descriptor, buffer.baseAddress, limit, 0))
      }
    }

    /// Reads until the empty line and as many bytes of a body have come.
    @discardableResult
    func readRequest(bodyBytes: Int = 0) -> String {
      var bytes: [UInt8] = []
      while true {
        if let end = String(decoding: bytes, as: UTF8.self).range(of: "\r\n\r\n") {
          let text = String(decoding: bytes, as: UTF8.self)
          if text[end.upperBound...].utf8.count >= bodyBytes { return text }
        }
        let more = read()
        if more.isEmpty { return String(decoding: bytes, as: UTF8.self) }
        bytes += more
      }
    }

    func write(_ text: String) {
      let bytes = Array(text.utf8)
      _ = send(descriptor, bytes, bytes.count, Int32(MSG_NOSIGNAL))
    }

    /// Ends the connection with a reset.
    func reset() {
      var option = linger(l_onoff: 1, l_linger: 0)
      setsockopt(
        descriptor, SOL_SOCKET, SO_LINGER, &option, socklen_t(MemoryLayout<linger>.size))
      // The descriptor is closed later, by `deinit`; this sends the reset at once.
      var unspecified = sockaddr()
      connect(descriptor, &unspecified, socklen_t(MemoryLayout<sockaddr>.size))
    }

    /// Whether the other side has closed the connection (POLLRDHUP, which Swift does not import).
    func isGone(withinMilliseconds limit: Int32 = 0) -> Bool {
      var entry = pollfd(fd: descriptor, events: 0x2000, revents: 0)
      return poll(&entry, 1, limit) > 0
    }

    /// Ends what this side sends.
    func finish() { shutdown(descriptor, Int32(SHUT_WR)) }
  }
}
