import Foundation

/// Cleanup actions that run when this program ends, in reverse order.
final class CleanUp: @unchecked Sendable {
  private let lock = NSLock()
  private var actions: [@Sendable () -> Void] = []
  private var isDone = false

  /// Schedules an action, or runs it at once if the cleanup has already run.
  func add(_ action: @escaping @Sendable () -> Void) {
    lock.withLock {
      if isDone { action() } else { actions.append(action) }
    }
  }

  /// Runs all actions before it returns. May be called from any thread, and twice.
  func run() {
    lock.withLock {
      isDone = true
      while let action = actions.popLast() { action() }
    }
  }
}
