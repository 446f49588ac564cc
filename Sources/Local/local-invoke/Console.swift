import Foundation

/// Standard output for the response only, standard error for everything else.
final class Console: Sendable {
  private let lock = NSLock()

  /// Whether standard error is a terminal.
  var isTerminal: Bool { isatty(2) == 1 }

  func answer(_ bytes: [UInt8]) {
    write(bytes + [UInt8(ascii: "\n")], to: 1)
  }

  /// Prints one or more lines to standard error.
  func note(_ text: String) {
    write(Array(text.utf8) + [UInt8(ascii: "\n")], to: 2)
  }

  /// Writes bytes to standard error unchanged.
  func relay(_ bytes: [UInt8]) {
    write(bytes, to: 2)
  }

  private func write(_ bytes: [UInt8], to descriptor: Int32) {
    lock.withLock {
      var rest = bytes[...]
      while !rest.isEmpty {
        let count = rest.withUnsafeBytes { Glibc.write(descriptor, $0.baseAddress, $0.count) }
        // The reader has closed the pipe; nothing more can be written.
        if count < 0 && errno != EINTR { return }
        rest = rest.dropFirst(max(0, count))
      }
    }
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
