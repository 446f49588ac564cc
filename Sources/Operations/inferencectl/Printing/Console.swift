import Foundation

/// Standard output for results alone, standard error for everything else.
struct Console: Sendable {
  /// Writes text as it is to standard output.
  var writeOutput: @Sendable (String) -> Void
  /// Writes text as it is to standard error.
  var writeError: @Sendable (String) -> Void
  /// Whether a person sees standard error as it comes.
  var isTerminal: Bool
  /// Reads a line from a person; nil when nobody is there to ask.
  var readAnswer: (@Sendable () -> String?)?

  /// The process's own.
  static let standard = Console(
    writeOutput: { FileHandle.standardOutput.write(Data($0.utf8)) },
    writeError: { FileHandle.standardError.write(Data($0.utf8)) },
    isTerminal: isatty(2) == 1, readAnswer: isatty(0) == 1 ? readLineOfInput : nil)

  private static let readLineOfInput: @Sendable () -> String? = { readLine(strippingNewline: true) }

  /// Whether questions can be asked.
  var isInteractive: Bool { readAnswer != nil }

  /// A result, with a line end.
  func answer(_ text: String) { writeOutput(text + "\n") }

  /// A line, or several, on standard error.
  func note(_ text: String) { writeError(text + "\n") }

  /// A person's answer; empty when there is none.
  func ask(_ question: String) -> String {
    writeError(question)
    return readAnswer?()?.trimmingCharacters(in: .whitespaces) ?? ""
  }
}

/// One line on a terminal that is written again and again; nothing elsewhere.
final class ProgressLine: @unchecked Sendable {
  private let console: Console
  private let lock = NSLock()
  private var isShown = false

  init(_ console: Console) { self.console = console }

  func show(_ text: String) {
    guard console.isTerminal else { return }
    lock.withLock { isShown = true }
    console.writeError("\r\u{1B}[K\(text)")
  }

  /// Takes the line away, before another one is written.
  func clear() {
    let wasShown = lock.withLock {
      defer { isShown = false }
      return isShown
    }
    if wasShown { console.writeError("\r\u{1B}[K") }
  }
}
