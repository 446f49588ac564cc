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
    let pictures = Canvas.full(labelWidth: width, heights: heights).map(picture)
    return HTML.figure(title, explanation, legend: [], pictures.joined(separator: "\n"))
  }

  private func picture(_ canvas: Canvas) -> String {
    let most = max(greatest ?? values.joined().compactMap { $0 }.max() ?? 1, 1e-12)
    let cell = (
      width: (canvas.right - canvas.left) / Double(max(1, columns.count)),
      height: (canvas.bottom - canvas.top - 4) / Double(max(1, rows.count))
    )
    var svg = SVG(canvas, label: title)
    for (row, name) in rows.enumerated() {
      let y = canvas.top + Double(row) * cell.height
      svg.label(name, x: canvas.left - 6, y: y + cell.height / 2 + canvas.fontSize * 0.35, "end")
      for (column, value) in (values.indices.contains(row) ? values[row] : []).enumerated() {
        guard let value else { continue }
        let share = min(1, max(0, value / most))
        svg.rectangle(
          "cell c\(color)", x: canvas.left + Double(column) * cell.width, y: y,
          width: cell.width - 1, height: cell.height - 1, opacity: 0.06 + 0.94 * share,
          tooltip: "\(name), \(columns[column])\n\(format(value))")
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
}
