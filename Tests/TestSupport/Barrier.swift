import Foundation

/// Lets threads go on only once all of them have come.
package final class Barrier: @unchecked Sendable {
  private let condition = NSCondition()
  private var missing: Int

  /// A barrier for so many threads.
  package init(count: Int) { missing = count }

  /// Waits for the others, at most a minute so that a failing test ends.
  package func wait() {
    condition.lock()
    defer { condition.unlock() }
    missing -= 1
    condition.broadcast()
    let limit = Date(timeIntervalSinceNow: 60)
    while missing > 0, condition.wait(until: limit) {}
  }
}
