import Platform

/// Columns under headings, each as wide as its widest cell.
struct Table {
  let headings: [String]
  private(set) var rows: [[String]] = []

  init(_ headings: String...) { self.headings = headings }

  /// Adds a row. An empty cell is shown as `-`; a line break or control character in a cell is
  /// escaped.
  mutating func add(_ cells: String...) {
    rows.append(cells.map { $0.isEmpty ? "-" : VisibleText.escaped($0) })
  }

  var text: String {
    let lines = [headings.map { $0.uppercased() }] + rows
    let widths = headings.indices.map { column in lines.map { $0[column].count }.max() ?? 0 }
    return lines.map { cells in
      let padded = zip(cells, widths).map { cell, width in
        cell + String(repeating: " ", count: width - cell.count)
      }
      let line = padded.joined(separator: "  ")
      return String(line.reversed().drop { $0 == " " }.reversed())
    }.joined(separator: "\n")
  }
}
