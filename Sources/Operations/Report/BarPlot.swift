/// Amounts of a few named things, one below the other.
package struct BarPlot {
  package var title: String
  package var explanation: String
  package var bars: [(name: String, value: Double, color: Int)]
  package let format: (Double) -> String

  package init(
    title: String, explanation: String, bars: [(name: String, value: Double, color: Int)],
    format: @escaping (Double) -> String
  ) {
    (self.title, self.explanation, self.bars, self.format) = (title, explanation, bars, format)
  }

  package var html: String {
    let width = bars.map(\.name.count).max() ?? 4
    let height = Double(bars.count) * 30 + 36
    let pictures = Canvas.full(labelWidth: min(width, 22), heights: [height, height, height])
      .map(picture)
    return HTML.figure(title, explanation, legend: [], pictures.joined(separator: "\n"))
  }

  private func picture(_ canvas: Canvas) -> String {
    let room = Double(bars.map { format($0.value).count }.max() ?? 4) * canvas.fontSize * 0.6
    let x = Scale(
      upTo: bars.map(\.value).max() ?? 1, start: canvas.left, end: canvas.right - room - 8)
    var svg = SVG(canvas, label: title)
    for (index, bar) in bars.enumerated() {
      let y = canvas.top + Double(index) * 30
      let length = x.position(bar.value) - canvas.left
      svg.label(bar.name, x: canvas.left - 6, y: y + 11 + canvas.fontSize * 0.35, "end")
      svg.rectangle(
        "bar c\(bar.color)", x: canvas.left, y: y, width: max(1, length), height: 22,
        tooltip: "\(bar.name): \(format(bar.value))")
      svg.label(
        format(bar.value), x: canvas.left + max(1, length) + 6,
        y: y + 11 + canvas.fontSize * 0.35, "strong")
    }
    return svg.text
  }
}
