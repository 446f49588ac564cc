import Foundation

/// A value that one thread sets and another waits for.
package final class Box<Value: Sendable>: @unchecked Sendable {
  private let condition = NSCondition()
  private var value: Value?

  package init() {}

  /// Sets the value and wakes the waiting thread.
  package func set(_ value: Value) {
    condition.lock()
    self.value = value
    condition.broadcast()
    condition.unlock()
  }

  /// Waits for the value; nil after the limit.
  package func wait(timeoutSeconds: Double = 60) -> Value? {
    let limit = Date(timeIntervalSinceNow: timeoutSeconds)
    condition.lock()
    defer { condition.unlock() }
    while value == nil, condition.wait(until: limit) {}
    return value
  }
}
