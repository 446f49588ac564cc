import Foundation

/// A value behind a lock.
///
/// Not `Synchronization.Mutex`: on Linux the thread sanitizer does not recognize it and reports
/// false races.
package final class Locked<Value>: @unchecked Sendable {
  private let lock = NSLock()
  private var value: Value

  package init(_ value: Value) {
    self.value = value
  }

  /// Calls `body` with exclusive access to the value. Keep it short, and do not take the same lock
  /// in it.
  package func withLock<Result>(_ body: (inout Value) throws -> Result) rethrows -> Result {
    lock.lock()
    defer { lock.unlock() }
    return try body(&value)
  }
}
