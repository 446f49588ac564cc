import Foundation
import Platform

/// Standard output for the response only, standard error for everything else.
final class Console: Sendable {
  private let lock = NSLock()

  /// Whether standard error is a terminal.
  var isTerminal: Bool { isatty(2) == 1 }

  /// Writes the answer and a line end.
  ///
  /// - Returns: the exit status: 0, or 1 when it could not be written, which standard error reports.
  func answer(_ bytes: [UInt8]) -> Int32 {
    do {
      try lock.withLock { try StandardStream.output.write(bytes + [UInt8(ascii: "\n")]) }
      return 0
    } catch {
      note("Error: The answer could not be written to standard output: \(error)")
      return 1
    }
  }

  /// Writes a line, or several, to standard error; control characters are escaped.
  func note(_ text: String) {
    relay(Array("\(VisibleText.escaped(text, as: .lines))\n".utf8))
  }

  /// Writes bytes to standard error as they are. A failure is dropped: no one is left to report it to.
  func relay(_ bytes: [UInt8]) {
    lock.withLock { try? StandardStream.error.write(bytes) }
  }
}

/// The progress of many repetitions; shown only on a terminal.
final class ProgressBar {
  private static let width = 40
  private let total: Int
  private let console: Console
  private var shown = -1

  init(total: Int, _ console: Console) {
    self.total = total
    self.console = console
  }

  /// Redraws the bar when the percentage changes.
  func show(_ done: Int) {
    let percent = done * 100 / total
    guard console.isTerminal, percent != shown else { return }
    shown = percent
    let filled = done * Self.width / total
    let bar =
      String(repeating: "█", count: filled) + String(repeating: "░", count: Self.width - filled)
    console.relay(Array("\r\(bar) \(done)/\(total)".utf8))
  }

  /// Erases the bar before another line is printed.
  func clear() {
    guard shown >= 0 else { return }
    shown = -1
    console.relay(Array("\r\u{1B}[K".utf8))
  }
}
