import Foundation
import Platform

/// One line on a terminal that each call overwrites; elsewhere nothing is written.
final class ProgressLine: @unchecked Sendable {
  private let console: Console
  private let lock = NSLock()
  private var isShown = false

  init(_ console: Console) { self.console = console }

  func show(_ text: String) {
    guard console.isTerminal else { return }
    lock.withLock { isShown = true }
    console.writeError("\r\u{1B}[K\(VisibleText.escaped(text))")
  }

  /// Erases the line, before another one is written.
  func clear() {
    let wasShown = lock.withLock {
      defer { isShown = false }
      return isShown
    }
    if wasShown { console.writeError("\r\u{1B}[K") }
  }
}
