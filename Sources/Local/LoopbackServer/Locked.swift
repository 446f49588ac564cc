import Foundation

/// A value behind a lock.
///
/// Not `Synchronization.Mutex`: the thread sanitizer does not see that one on Linux and reports
/// races that are none.
package final class Locked<Value>: @unchecked Sendable {
  private let lock = NSLock()
  private var value: Value

  /// Takes a value.
  package init(_ value: Value) {
    self.value = value
  }

  /// Calls `body` alone with the value; keep it short, and never take the same lock in it.
  package func withLock<Result>(_ body: (inout Value) throws -> Result) rethrows -> Result {
    lock.lock()
    defer { lock.unlock() }
    return try body(&value)
  }
}
