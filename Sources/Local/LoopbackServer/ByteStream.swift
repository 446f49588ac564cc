import Glibc

/// The bytes of one connection: the seam at which tests put TLS between the socket and HTTP.
///
/// A stream never closes the descriptor it was made over; its connection does.
package protocol ByteStream: AnyObject, Sendable {
  /// Waits for at least one byte. Returns how many were stored; 0 means that the client sent its
  /// last byte.
  func read(into buffer: UnsafeMutableRawBufferPointer) throws -> Int

  /// Sends all bytes. Blocks while the client's window is full.
  func write(_ bytes: UnsafeRawBufferPointer) throws

  /// Closes the layer above the socket in an orderly way (TLS: close_notify). Called once, before
  /// the descriptor closes.
  func finish()
}

/// A plain TCP socket.
final class PlainStream: ByteStream {
  private let descriptor: Int32

  init(descriptor: Int32) {
    self.descriptor = descriptor
  }

  func read(into buffer: UnsafeMutableRawBufferPointer) throws -> Int {
    while true {
      let count = recv(descriptor, buffer.baseAddress, buffer.count, 0)
      if count >= 0 { return count }
      if errno != EINTR { throw SocketError("recv") }
    }
  }

  func write(_ bytes: UnsafeRawBufferPointer) throws {
    var sent = 0
    while sent < bytes.count {
      // MSG_NOSIGNAL: a closed connection is an error of this call, not a SIGPIPE for the process.
      let count = Glibc.send(
        descriptor, bytes.baseAddress.map { $0 + sent }, bytes.count - sent,
        Int32(MSG_NOSIGNAL))
      if count >= 0 {
        sent += count
      } else if errno != EINTR {
        throw SocketError("send")
      }
    }
  }

  func finish() {}
}
