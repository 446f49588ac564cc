import Foundation
import Platform

/// The progress of a wait: one line on a terminal that each call overwrites. Elsewhere, as in a log,
/// each new state is a line of its own, and one that lasts is repeated every minute.
final class ProgressLine: @unchecked Sendable {
  private static let repeatMilliseconds: Int64 = 60_000

  private let console: Console
  private let clock: Clock
  private let lock = NSLock()
  private var isShown = false
  private var logged: (text: String, atMilliseconds: Int64)?

  init(_ console: Console, clock: Clock) {
    self.console = console
    self.clock = clock
  }

  /// - Parameter elapsed: how long the wait has lasted; nil for anything else.
  func show(_ text: String, elapsedMilliseconds elapsed: Int64? = nil) {
    let line = text + (elapsed.map { ", \($0 / 1000) s" } ?? "")
    guard console.isTerminal else { return log(text, line) }
    lock.withLock { isShown = true }
    console.writeError("\r\u{1B}[K\(VisibleText.escaped(line))")
  }

  private func log(_ text: String, _ line: String) {
    let now = clock.monotonicMilliseconds()
    let shown: String? = lock.withLock {
      let isRepeated = logged?.text == text
      if isRepeated, let logged, now - logged.atMilliseconds < Self.repeatMilliseconds {
        return nil
      }
      logged = (text, now)
      return isRepeated ? line : text
    }
    if let shown { console.note(shown) }
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
