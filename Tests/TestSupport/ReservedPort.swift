import Glibc
import LoopbackServer

/// A port of 127.0.0.1 on which nothing listens, reserved for this test until it is released.
///
/// A server can still be started on it: sockets with SO_REUSEADDR share a port until one listens.
package final class ReservedPort: Sendable {
  private let descriptor: Int32
  package let number: UInt16

  package init() throws {
    descriptor = socket(AF_INET, Int32(SOCK_STREAM.rawValue | SOCK_CLOEXEC.rawValue), 0)
    if descriptor < 0 { throw SocketError("socket") }
    var on: Int32 = 1
    setsockopt(descriptor, SOL_SOCKET, SO_REUSEADDR, &on, socklen_t(MemoryLayout<Int32>.size))
    var address = sockaddr_in()
    address.sin_family = sa_family_t(AF_INET)
    address.sin_addr.s_addr = UInt32(0x7F00_0001).bigEndian
    var length = socklen_t(MemoryLayout<sockaddr_in>.size)
    let (bound, named) = withUnsafeMutablePointer(to: &address) { [descriptor] pointer in
      pointer.withMemoryRebound(to: sockaddr.self, capacity: 1) {
        (bind(descriptor, $0, length), getsockname(descriptor, $0, &length))
      }
    }
    number = UInt16(bigEndian: address.sin_port)
    // deinit closes the descriptor even on failure: all properties are set by now.
    if bound < 0 || named < 0 { throw SocketError("bind") }
  }

  deinit { close(descriptor) }
}
