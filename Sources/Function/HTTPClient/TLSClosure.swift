import CLibcurl
import CLibssl
import Synchronization

/// Which TLS sessions their peers have ended with the closing alert, without which the end of a connection
/// may be a cut. libcurl does not tell, and takes a body without a length for whole either way.
enum TLSClosure {
  /// The addresses of sessions; an address that is used again is removed when its handshake begins.
  private static let closed = Mutex<[UInt]>([])

  /// To be called for each `SSL_CTX` that libcurl makes.
  static func observe(_ context: OpaquePointer) {
    unsafe SSL_CTX_set_info_callback(context) { session, event, value in
      let address = UInt(bitPattern: session)
      // An alert's level is in the upper byte; its lower one is 0 for close_notify.
      if event & SSL_CB_READ_ALERT == SSL_CB_READ_ALERT, value & 0xFF == 0 {
        TLSClosure.closed.withLock { $0.append(address) }
      } else if event & SSL_CB_HANDSHAKE_START != 0 {
        TLSClosure.closed.withLock { $0.removeAll { $0 == address } }
      }
    }
  }

  /// The session that a transfer in progress receives from.
  static func session(of handle: UnsafeMutableRawPointer) -> UInt? {
    var pointer: UnsafeMutableRawPointer?
    guard unsafe clibcurl_getinfo_pointer(handle, CURLINFO_TLS_SSL_PTR, &pointer) == CURLE_OK,
      let information = unsafe pointer?.assumingMemoryBound(to: curl_tlssessioninfo.self)
    else { return nil }
    return unsafe UInt(bitPattern: information.pointee.internals)
  }

  /// Whether a session has ended in order.
  static func isClean(_ session: UInt) -> Bool { closed.withLock { $0.contains(session) } }
}
