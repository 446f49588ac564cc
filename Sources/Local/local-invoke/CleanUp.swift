import Foundation

/// What must be undone before this program ends, however it ends; last come, first undone.
final class CleanUp: @unchecked Sendable {
  private let lock = NSLock()
  private var actions: [@Sendable () -> Void] = []
  private var isDone = false

  /// Carries an action out at the end, or at once when that has come.
  func add(_ action: @escaping @Sendable () -> Void) {
    lock.withLock {
      if isDone { action() } else { actions.append(action) }
    }
  }

  /// May be called from any thread, and twice: everything is undone when it returns.
  func run() {
    lock.withLock {
      isDone = true
      while let action = actions.popLast() { action() }
    }
  }
}
