import Foundation

/// Releases threads only after all of them have arrived.
package final class Barrier: @unchecked Sendable {
  private let condition = NSCondition()
  private var missing: Int

  /// - Parameter count: the number of threads.
  package init(count: Int) { missing = count }

  /// Waits for the others, at most a minute, so that a failing test ends.
  package func wait() {
    condition.lock()
    defer { condition.unlock() }
    missing -= 1
    condition.broadcast()
    let limit = Date(timeIntervalSinceNow: 60)
    while missing > 0, condition.wait(until: limit) {}
  }
}
