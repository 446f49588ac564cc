import Foundation
import Platform

/// The process's streams and the person in front of them; a test's are its own.
struct Console: Sendable {
  /// Writes text as it is to standard output.
  var writeOutput: @Sendable (String) throws -> Void
  /// Writes text as it is to standard error. A failure is dropped: no one is left to report it to.
  var writeError: @Sendable (String) -> Void
  /// Whether a person reads standard error as it comes.
  var isTerminal: Bool
  /// Reads a line from a person; nil when standard input is not a terminal.
  var readAnswer: (@Sendable () -> String?)?

  static let standard = Console(
    writeOutput: { try StandardStream.output.write(Array($0.utf8)) },
    writeError: { try? StandardStream.error.write(Array($0.utf8)) },
    isTerminal: isatty(2) == 1, readAnswer: isatty(0) == 1 ? readLineOfInput : nil)

  private static let readLineOfInput: @Sendable () -> String? = { readLine(strippingNewline: true) }

  /// Whether questions can be asked.
  var isInteractive: Bool { readAnswer != nil }

  /// Writes a line, or several, to standard error.
  func note(_ text: String) { writeError(VisibleText.escaped(text, as: .lines) + "\n") }

  /// A person's answer; empty when there is none.
  func ask(_ question: String) -> String {
    writeError(VisibleText.escaped(question))
    return readAnswer?()?.trimmingCharacters(in: .whitespaces) ?? ""
  }
}
