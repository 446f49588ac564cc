import AWSControl
import JSON

extension Session {
  /// Writes a line, or several, to standard error.
  func note(_ text: String) { output.note(text) }

  func warn(_ lines: [String]) {
    for line in lines { note("Note: \(line).") }
  }

  /// Writes the result of a command that only reads.
  func result(_ table: @autoclosure () -> Table, json: @autoclosure () -> JSONValue) {
    output.result(table().text, json: json())
  }

  /// Writes the result of a command that only reads.
  func result(_ text: @autoclosure () -> String, json: @autoclosure () -> OperationInput) {
    output.result(text(), json: json().json)
  }

  /// Writes the result of a command that writes; see `CommandOutput.done`.
  func done(
    _ text: @autoclosure () -> String, planned: @autoclosure () -> String? = nil,
    json: @autoclosure () -> OperationInput
  ) {
    output.done(text(), planned: planned(), json: json())
  }
}
