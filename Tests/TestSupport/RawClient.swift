import Glibc
import LoopbackServer

/// A TCP client on 127.0.0.1 that sends exactly the given bytes, for tests of servers.
package final class RawClient: @unchecked Sendable {
  /// How a connection ended.
  package enum Ending: Equatable, Sendable {
    case orderly
    case reset
  }

  let descriptor: Int32

  /// Connects. A receive that waits longer than the limit throws, so that a broken server cannot
  /// hang the tests.
  package init(port: UInt16, timeoutSeconds: Int = 60) throws {
    descriptor = socket(AF_INET, Int32(SOCK_STREAM.rawValue | SOCK_CLOEXEC.rawValue), 0)
    if descriptor < 0 { throw SocketError("socket") }
    var limit = timeval(tv_sec: timeoutSeconds, tv_usec: 0)
    setsockopt(descriptor, SOL_SOCKET, SO_RCVTIMEO, &limit, socklen_t(MemoryLayout<timeval>.size))
    var address = sockaddr_in()
    address.sin_family = sa_family_t(AF_INET)
    address.sin_port = port.bigEndian
    address.sin_addr.s_addr = UInt32(0x7F00_0001).bigEndian
    let result = withUnsafePointer(to: &address) { pointer in
      pointer.withMemoryRebound(to: sockaddr.self, capacity: 1) {
        connect(descriptor, $0, socklen_t(MemoryLayout<sockaddr_in>.size))
      }
    }
    // deinit closes the descriptor even when connecting fails: all properties are set by now.
    if result < 0 { throw SocketError("connect") }
  }

  deinit {
    Glibc.close(descriptor)
  }

  /// Sends the text's UTF-8 bytes.
  package func send(_ text: String) throws {
    try send(Array(text.utf8))
  }

  package func send(_ bytes: [UInt8]) throws {
    var sent = 0
    while sent < bytes.count {
      let count = bytes.withUnsafeBytes {
        Glibc.send(
          descriptor, $0.baseAddress.map { $0 + sent }, bytes.count - sent,
          Int32(MSG_NOSIGNAL))
      }
      if count < 0 { throw SocketError("send") }
      sent += count
    }
  }

  /// Shuts down the sending side and keeps receiving.
  package func finishSending() {
    shutdown(descriptor, Int32(SHUT_WR))
  }

  /// The next bytes, at least one; empty at the end.
  package func receive() throws -> [UInt8] {
    var buffer = [UInt8](repeating: 0, count: 65_536)
    let count = recv(descriptor, &buffer, buffer.count, 0)
    if count < 0 { throw SocketError("recv") }
    return Array(buffer[..<count])
  }

  /// Receives until the text so far ends with `suffix`; returns all of it.
  package func receive(until suffix: String) throws -> String {
    var bytes: [UInt8] = []
    let wanted = Array(suffix.utf8)
    while bytes.suffix(wanted.count) != wanted[...] {
      let more = try receive()
      if more.isEmpty { break }
      bytes += more
    }
    return String(decoding: bytes, as: UTF8.self)
  }

  /// Receives until the server ends the connection; returns the text and how it ended.
  package func receiveToEnd() throws -> (text: String, ending: Ending) {
    var bytes: [UInt8] = []
    while true {
      do {
        let more = try receive()
        if more.isEmpty { return (String(decoding: bytes, as: UTF8.self), .orderly) }
        bytes += more
      } catch let error as SocketError where error.code == ECONNRESET {
        return (String(decoding: bytes, as: UTF8.self), .reset)
      }
    }
  }
}
