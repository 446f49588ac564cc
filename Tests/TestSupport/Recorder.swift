import Foundation

/// Collects values from other threads, such as the requests that a server received.
package final class Recorder<Value: Sendable>: @unchecked Sendable {
  private let lock = NSLock()
  private var values: [Value] = []

  package init() {}

  /// Adds a value and returns the new count.
  @discardableResult
  package func add(_ value: Value) -> Int {
    lock.withLock {
      values.append(value)
      return values.count
    }
  }

  /// All values in order.
  package var all: [Value] { lock.withLock { values } }
}
