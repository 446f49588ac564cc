/// Values over a horizontal axis, as SVG with a legend. Tooltips are SVG's own, so there is no script.
package struct LinePlot {
  package struct Series {
    package enum Style: Sendable { case line, area, dashed }

    package let name: String
    /// 1 … 6, a color of the page.
    package let color: Int
    package var style = Style.line
    /// Holds its value until the next point.
    package var isStepped = false
    /// One for each point; nil interrupts the line.
    package let values: [Double?]
    /// Lower and upper ends of what is uncertain, one for each point.
    package var band: [ClosedRange<Double>?] = []

    package init(
      _ name: String, color: Int, style: Style = .line, isStepped: Bool = false,
      values: [Double?], band: [ClosedRange<Double>?] = []
    ) {
      (self.name, self.color, self.style) = (name, color, style)
      (self.isStepped, self.values, self.band) = (isStepped, values, band)
    }
  }

  package var title: String
  package var explanation: String
  package var series: [Series]
  package var isLogarithmic = false
  /// Things that are counted have no half ticks.
  package var isWhole = false
  /// A dashed line across.
  package var limit: (value: Double, label: String)?
  package let format: (Double) -> String

  package init(
    title: String, explanation: String, series: [Series], isLogarithmic: Bool = false,
    isWhole: Bool = false, limit: (value: Double, label: String)? = nil,
    format: @escaping (Double) -> String
  ) {
    (self.title, self.explanation, self.series) = (title, explanation, series)
    (self.isLogarithmic, self.isWhole, self.limit) = (isLogarithmic, isWhole, limit)
    self.format = format
  }

  /// - Parameter edges: start of each point, and the end of the last.
  package func html(_ edges: [Double], _ axis: HorizontalAxis) -> String {
    let bounds = Scale(self, start: 1, end: 0)
    let labels = bounds.ticks.map { format($0).count }
    let pictures = Canvas.half(labelWidth: labels.max() ?? 4).map { picture($0, edges, axis) }
    var legend = series.map {
      LegendEntry(name: $0.name, color: $0.color, style: $0.style == .dashed ? "dash" : "swatch")
    }
    if let banded = series.first(where: { $0.band.contains { $0 != nil } }) {
      legend.append(
        LegendEntry(name: "least to most of all draws", color: banded.color, style: "band"))
    }
    if let limit { legend.append(LegendEntry(name: limit.label, color: 0, style: "dash")) }
    return HTML.figure(
      title, explanation, legend: legend, pictures.joined(separator: "\n"))
  }

  private func picture(_ canvas: Canvas, _ edges: [Double], _ axis: HorizontalAxis) -> String {
    let y = Scale(self, start: canvas.bottom, end: canvas.top)
    let x = Scale(edges.first ?? 0, edges.last ?? 1, start: canvas.left, end: canvas.right)
    var svg = SVG(canvas, label: title)
    svg.horizontalAxis(y, canvas, format)
    var end = -Double.infinity
    for tick in axis.ticks(canvas.ticks) {
      let half = Double(tick.label.count) * canvas.fontSize * 0.29
      // A label at the very edge would be cut, and two must not touch.
      let at = min(x.position(tick.value), canvas.width - half - 1)
      guard at - half > end + 6, at - half > 0 else { continue }
      svg.label(tick.label, x: at, y: canvas.height - canvas.fontSize * 0.5, "mid")
      end = at + half
    }
    for line in series { addBand(line, edges, x, y, &svg) }
    for line in series { draw(line, edges, x, y, &svg) }
    if let limit {
      svg.line("limit", canvas.left, y.position(limit.value), canvas.right, y.position(limit.value))
    }
    addTooltips(canvas, edges, axis, x, &svg)
    return svg.text
  }

  private func draw(_ line: Series, _ edges: [Double], _ x: Scale, _ y: Scale, _ svg: inout SVG) {
    var path = ""
    var areas = ""
    var runStart = 0.0
    var isDown = false
    func closeArea(_ last: Double) {
      areas += "L\(SVG.number(last)) \(SVG.number(y.start))H\(SVG.number(runStart))Z"
    }
    var last = 0.0
    for (index, value) in line.values.enumerated() where index + 1 < edges.count {
      guard let value else {
        if isDown { closeArea(last) }
        isDown = false
        continue
      }
      // A rate or a level holds for the whole point; its line goes through the middle.
      let from = x.position(line.isStepped ? edges[index] : (edges[index] + edges[index + 1]) / 2)
      let isAlone =
        !isDown && (index + 1 == line.values.count || line.values[index + 1] == nil)
      var segment = "\(isDown ? "L" : "M")\(SVG.number(from)) \(SVG.number(y.position(value)))"
      if !isDown { runStart = from }
      last = from
      if line.isStepped {
        last = x.position(edges[index + 1])
        segment += "H\(SVG.number(last))"
      } else if isAlone {
        // A point alone would be a line of no length.
        segment += "h1"
      }
      path += segment
      areas += segment
      isDown = true
    }
    if isDown { closeArea(last) }
    if line.style == .area { svg.add("<path class=\"area c\(line.color)\" d=\"\(areas)\"/>") }
    let style = line.style == .dashed ? "line dashed" : "line"
    svg.add("<path class=\"\(style) c\(line.color)\" d=\"\(path)\"/>")
  }

  private func addBand(
    _ line: Series, _ edges: [Double], _ x: Scale, _ y: Scale, _ svg: inout SVG
  ) {
    for (index, range) in line.band.enumerated() where index + 1 < edges.count {
      guard let range else { continue }
      let (top, bottom) = (y.position(range.upperBound), y.position(range.lowerBound))
      let from = x.position(edges[index])
      svg.rectangle(
        "band c\(line.color)", x: from, y: top, width: x.position(edges[index + 1]) - from,
        height: max(0.5, bottom - top))
    }
  }

  /// An invisible column for every few points, with the values there.
  private func addTooltips(
    _ canvas: Canvas, _ edges: [Double], _ axis: HorizontalAxis, _ x: Scale, _ svg: inout SVG
  ) {
    let count = edges.count - 1
    let step = max(1, count / Int(canvas.width / 8))
    for index in stride(from: 0, to: count, by: step) {
      let end = min(count, index + step)
      let from = x.position(edges[index])
      let values = series.compactMap { line in
        line.values.indices.contains(index)
          ? line.values[index].map { "\(line.name) \(format($0))" } : nil
      }
      svg.rectangle(
        "tip", x: from, y: canvas.top, width: x.position(edges[end]) - from,
        height: canvas.bottom - canvas.top,
        tooltip: ([axis.name(edges[index])] + values).joined(separator: "\n"))
    }
  }
}

extension Scale {
  /// The vertical scale of a plot, over all of its values.
  fileprivate init(_ plot: LinePlot, start: Double, end: Double) {
    let values =
      plot.series.flatMap { line in
        line.values.compactMap { $0 } + line.band.compactMap { $0?.upperBound }
      } + (plot.limit.map { [$0.value] } ?? [])
    self =
      plot.isLogarithmic
      ? Scale(logarithmicOver: values.filter { $0 > 0 }, start: start, end: end)
      : Scale(upTo: values.max() ?? 0, isWhole: plot.isWhole, start: start, end: end)
  }
}
