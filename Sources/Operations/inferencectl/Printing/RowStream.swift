import AWSControl
import Platform

/// A table, or with `--output json` an array, that is written row by row: its columns have a fixed width, only the last
/// one is as wide as its text.
final class RowStream {
  private let session: Session
  private let columns: [(heading: String, width: Int)]
  private var isFirst = true

  init(_ session: Session, _ columns: (String, Int)...) {
    self.session = session
    self.columns = columns.map { (heading: $0.0, width: $0.1) }
  }

  func begin(last heading: String) throws {
    let headings = columns.map { $0.heading.uppercased() }
    try session.output.write(
      session.isJSON ? "[" : line(headings, last: heading.uppercased()) + "\n")
  }

  /// Adds a row; an empty cell is shown as `-`, control characters are escaped.
  func add(_ cells: [String], last: String, json: @autoclosure () -> OperationInput) throws {
    defer { isFirst = false }
    guard session.isJSON else {
      return try session.output.write(line(cells.map(Self.cell), last: Self.cell(last)) + "\n")
    }
    let object = String(decoding: json().json.serialized(), as: UTF8.self)
    try session.output.write(
      (isFirst ? "\n  " : ",\n  ") + VisibleText.escaped(object, as: .jsonDocument))
  }

  func end() throws {
    if session.isJSON { try session.output.write(isFirst ? "]\n" : "\n]\n") }
    try session.output.flush()
  }

  private func line(_ cells: [String], last: String) -> String {
    zip(cells, columns).map { cell, column in
      cell + String(repeating: " ", count: max(0, column.width - cell.count)) + "  "
    }.joined() + last
  }

  private static func cell(_ text: String) -> String {
    text.isEmpty ? "-" : VisibleText.escaped(text)
  }
}
