/// A matrix whose cells are the fuller the greater their value: a confusion matrix, or hours by days.
package struct HeatPlot {
  package var title: String
  package var explanation: String
  package var rows: [String]
  package var columns: [String]
  /// A row of values for each row; nil leaves a cell empty.
  package var values: [[Double?]]
  /// 1 … 6, a color of the page.
  package var color: Int
  /// What the fullest cell stands for; the greatest value when nil.
  package var greatest: Double?
  /// Color of the cells whose row and column are the same, which then have a scale of their own.
  package var diagonalColor: Int?
  /// Writes each value into its cell, where there is room for it.
  package var numbers: ((Double) -> String)?
  package let format: (Double) -> String

  package init(
    title: String, explanation: String, rows: [String], columns: [String], values: [[Double?]],
    color: Int = 1, greatest: Double? = nil, format: @escaping (Double) -> String
  ) {
    (self.title, self.explanation, self.rows, self.columns) = (title, explanation, rows, columns)
    (self.values, self.color, self.greatest, self.format) = (values, color, greatest, format)
  }

  package var html: String {
    // Names of classes have capital letters, which are wider than digits.
    let width = (rows.map(\.count).max() ?? 4) * 5 / 4
    let heights = [18.0, 20, 22].map { Double(rows.count) * $0 + 44 }
    // On a narrow page long names are cut, so that the cells have most of it.
    let pictures = [14, 28, width].enumerated().map { index, most in
      picture(Canvas.full(labelWidth: min(width, most), heights: heights)[index], most * 4 / 5)
    }
    return HTML.figure(title, explanation, legend: [], pictures.joined(separator: "\n"))
  }

  private func isDiagonal(_ row: Int, _ column: Int) -> Bool {
    diagonalColor != nil && row == column
  }

  /// The value of a full cell.
  private func most(diagonal: Bool) -> Double {
    let all = values.enumerated().flatMap { row, values in
      values.enumerated().compactMap { isDiagonal(row, $0) == diagonal ? $1 : nil }
    }
    return max((diagonal ? nil : greatest) ?? all.max() ?? 1, 1e-12)
  }

  private func picture(_ canvas: Canvas, _ labelLength: Int) -> String {
    let most = (off: most(diagonal: false), on: most(diagonal: true))
    let cell = (
      width: (canvas.right - canvas.left) / Double(max(1, columns.count)),
      height: (canvas.bottom - canvas.top - 4) / Double(max(1, rows.count))
    )
    var svg = SVG(canvas, label: title)
    for (row, name) in rows.enumerated() {
      let y = canvas.top + Double(row) * cell.height
      let middle = y + cell.height / 2 + canvas.fontSize * 0.35
      svg.label(Self.cut(name, labelLength), x: canvas.left - 6, y: middle, "end")
      for (column, value) in (values.indices.contains(row) ? values[row] : []).enumerated() {
        guard let value else { continue }
        let isDiagonal = isDiagonal(row, column)
        let share = min(1, max(0, value / (isDiagonal ? most.on : most.off)))
        let x = canvas.left + Double(column) * cell.width
        svg.rectangle(
          "cell c\(isDiagonal ? diagonalColor ?? color : color)", x: x, y: y,
          width: cell.width - 1, height: cell.height - 1, opacity: 0.06 + 0.94 * share,
          tooltip: "\(name), \(columns[column])\n\(format(value))")
        guard let text = numbers?(value), value > 0,
          Double(text.count) * canvas.fontSize * 0.6 < cell.width - 3
        else { continue }
        svg.label(text, x: x + cell.width / 2, y: middle, "mid strong")
      }
    }
    var end = -Double.infinity
    for (column, name) in columns.enumerated() {
      let half = Double(name.count) * canvas.fontSize * 0.29
      let at = canvas.left + (Double(column) + 0.5) * cell.width
      guard at - half > end + 4, at + half < canvas.width else { continue }
      svg.label(name, x: at, y: canvas.height - canvas.fontSize * 0.5, "mid")
      end = at + half
    }
    return svg.text
  }

  private static func cut(_ name: String, _ length: Int) -> String {
    name.count <= length ? name : "\(name.prefix(max(1, length - 1)))…"
  }
}
