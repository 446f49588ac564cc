import Foundation
import Platform

/// An address that a connection leads to.
package struct PeerAddress: Sendable, CustomStringConvertible {
  /// As text, for example `10.0.0.1`.
  package let description: String
  /// Whether it is an address of the Internet; a private, loopback, or link-local one is not.
  package let isPublic: Bool

  /// - Parameter raw: a `sockaddr` of the length that its family has.
  /// - Returns: nil for anything but IPv4 and IPv6.
  init?(_ raw: UnsafeRawPointer) {
    var text = [CChar](repeating: 0, count: Int(INET6_ADDRSTRLEN))
    switch Int32(raw.loadUnaligned(as: sockaddr.self).sa_family) {
    case AF_INET:
      var value = raw.loadUnaligned(as: sockaddr_in.self).sin_addr
      inet_ntop(AF_INET, &value, &text, socklen_t(text.count))
      isPublic = IPv4Address(value: UInt32(bigEndian: value.s_addr)).isPublic
    case AF_INET6:
      var value = raw.loadUnaligned(as: sockaddr_in6.self).sin6_addr
      inet_ntop(AF_INET6, &value, &text, socklen_t(text.count))
      let bytes = withUnsafeBytes(of: &value) { Array($0) }
      isPublic = IPv6Address(bytes: bytes)?.isPublic ?? false
    default: return nil
    }
    description = String(
      decoding: text.prefix { $0 != 0 }.map { UInt8(bitPattern: $0) }, as: UTF8.self)
  }
}
