import Glibc

/// A socket call that failed: which call, and the errno it left.
package struct SocketError: Error, Equatable, Sendable, CustomStringConvertible {
  package let call: String
  package let code: Int32

  /// An error for a call that has just failed; reads errno unless a code is given.
  package init(_ call: String, code: Int32 = errno) {
    self.call = call
    self.code = code
  }

  /// The call and the system's text, e.g. `bind: Address already in use`.
  package var description: String { "\(call): \(String(cString: strerror(code)))" }
}

/// Keeps the result of a C call that reports failure by a negative value, or throws its errno.
@discardableResult
func check(_ result: Int32, _ call: String) throws(SocketError) -> Int32 {
  if result < 0 { throw SocketError(call) }
  return result
}
