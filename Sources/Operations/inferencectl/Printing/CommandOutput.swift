import AWSControl
import ArgumentParser
import JSON
import Platform

/// What a command prints: notes and progress to standard error as they come, and one result to
/// standard output, as text or as one JSON document.
///
/// With `--dry-run` the result of a command that writes is its plan: what would be sent or run.
final class CommandOutput {
  let progress: ProgressLine
  private let console: Console
  private let isJSON: Bool
  private let isDryRun: Bool
  private var plan = WritePlan()
  private var hasResult = false
  /// So that a million lines are not a million system calls.
  private static let maximumPendingBytes = 1 << 14
  private var pending = ""
  /// Why the result could not be written; nil while nothing has failed.
  private(set) var failure: (any Error)?

  init(_ console: Console, isJSON: Bool, isDryRun: Bool, clock: Clock) {
    self.console = console
    self.isJSON = isJSON
    self.isDryRun = isDryRun
    progress = ProgressLine(console, clock: clock)
  }

  /// Writes a line, or several, to standard error.
  func note(_ text: String) {
    progress.clear()
    console.note(text)
  }

  // MARK: The result

  /// Writes the result of a command that only reads; the same in a dry run.
  func result(
    _ text: @autoclosure () -> String, json: @autoclosure () -> JSONValue, asJSON: Bool = false
  ) {
    progress.clear()
    hasResult = true
    do {
      try console.writeOutput(
        isJSON || asJSON
          ? PrettyJSON.text(json()) + "\n" : VisibleText.escaped(text(), as: .lines) + "\n")
    } catch { failure = error }
  }

  /// Writes a part of a result that is too long to be held; `flush` ends it.
  ///
  /// - Throws: `ExitCode`, so that a reader that went away ends the command; `failure` is why.
  func write(_ part: String) throws {
    hasResult = true
    pending += part
    if pending.utf8.count >= Self.maximumPendingBytes { try flush() }
  }

  /// Writes what is pending.
  func flush() throws {
    progress.clear()
    defer { pending = "" }
    do { try console.writeOutput(pending) } catch {
      failure = error
      throw ExitCode(1)
    }
  }

  /// Writes the result of a command that writes. A dry run's result is its plan instead, with
  /// `planned` behind it and the members of `json` beside it.
  func done(
    _ text: @autoclosure () -> String, planned: @autoclosure () -> String? = nil,
    json: @autoclosure () -> OperationInput
  ) {
    guard isDryRun else { return result(text(), json: json().json) }
    plan.summary = planned()
    plan.members = json().object
  }

  // MARK: A dry run

  func add(_ write: PlannedWrite) { plan.writes.append(write) }

  /// - Parameter command: what would be run on this machine, as a line of a shell.
  func add(command: String) { plan.commands.append(command) }

  /// Writes the plan of a dry run, unless the command has written its result already.
  func finish() {
    if isDryRun, !hasResult { result(plan.text, json: plan.json) }
  }
}
