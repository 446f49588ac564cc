import AWSControl
import JSON

extension Session {
  /// Writes a result of several lines, or its JSON.
  func report(_ text: @autoclosure () -> String, json: @autoclosure () -> OperationInput) {
    progress.clear()
    switch shared.output {
    case .table: console.answer(text())
    case .json: console.answer(PrettyJSON.text(json().json))
    }
  }

  /// Says what a write has done; nothing in a dry run, which has shown the write and done nothing.
  func reportDone(_ text: @autoclosure () -> String, json: @autoclosure () -> OperationInput) {
    if !shared.dryRun { report(text(), json: json()) }
  }

  /// Warnings, on standard error.
  func warn(_ lines: [String]) {
    for line in lines {
      progress.clear()
      console.note("Note: \(line).")
    }
  }
}
