import Foundation

/// Collects values from other threads, such as the requests that a server received.
package final class Recorder<Value: Sendable>: @unchecked Sendable {
  private let lock = NSLock()
  private var values: [Value] = []

  /// Nothing recorded yet.
  package init() {}

  /// Adds a value and tells how many there are now.
  @discardableResult
  package func add(_ value: Value) -> Int {
    lock.withLock {
      values.append(value)
      return values.count
    }
  }

  /// All values in the order in which they came.
  package var all: [Value] { lock.withLock { values } }
}
