/// Values over the time of a trace, as SVG with a legend. Tooltips are SVG's own, so there is no script.
struct TimePlot {
  /// A line, or a filled area below one.
  struct Series {
    let name: String
    /// 1 … 5, a colour of the page.
    let colour: Int
    var isArea = false
    /// Holds its value until the next point.
    var isStepped = false
    /// One for each point; nil interrupts the line.
    let values: [Double?]
  }

  let title: String
  let explanation: String
  let series: [Series]
  var isLogarithmic = false
  /// Things that are counted have no half ticks.
  var isWhole = false
  /// A dashed line across.
  var limit: (value: Double, label: String)?
  let format: (Double) -> String

  static let (width, height) = (560.0, 230.0)
  static let (left, right, top, bottom) = (58.0, 10.0, 10.0, 26.0)

  /// - Parameter times: start of each point, seconds, and the end of the last.
  func html(_ times: [Double], _ axis: TimeTicks) -> String {
    let all = series.flatMap { $0.values.compactMap { $0 } } + (limit.map { [$0.value] } ?? [])
    let (bottom, top) = (Self.height - Self.bottom, Self.top)
    let y =
      isLogarithmic
      ? Scale(logarithmicOver: all.filter { $0 > 0 }, start: bottom, end: top)
      : Scale(upTo: all.max() ?? 0, isWhole: isWhole, start: bottom, end: top)
    let x = Scale(
      times.first ?? 0, times.last ?? 1, start: Self.left, end: Self.width - Self.right)
    var svg = SVG(width: Self.width, height: Self.height, label: title)
    svg.horizontalAxis(y, left: Self.left, right: Self.width - Self.right, format)
    for tick in axis.ticks {
      // A label at the very edge would be cut.
      let at = min(x.position(tick.seconds), Self.width - Self.right - 8)
      svg.tick(at, y: Self.height - 8, tick.label)
    }
    for line in series { draw(line, times, x, y, &svg) }
    if let limit {
      svg.limit(y: y.position(limit.value), left: Self.left, right: Self.width - Self.right)
    }
    addTooltips(times, axis, x, &svg)
    return Page.figure(
      title, explanation, legend: series.map { ($0.name, $0.colour) },
      limit: limit?.label, svg.text)
  }

  private func draw(_ line: Series, _ times: [Double], _ x: Scale, _ y: Scale, _ svg: inout SVG) {
    var path = ""
    var isDown = false
    var firstX = 0.0
    for (index, value) in line.values.enumerated() {
      guard let value else {
        isDown = false
        continue
      }
      // A rate or a level holds for the whole point; its line goes through the middle.
      let isWide = line.isStepped
      let from = x.position(isWide ? times[index] : (times[index] + times[index + 1]) / 2)
      if !isDown { firstX = from }
      path += "\(isDown ? "L" : "M")\(SVG.number(from)) \(SVG.number(y.position(value)))"
      if isWide {
        path += "H\(SVG.number(x.position(times[index + 1])))"
      } else if index > 0, index + 1 < line.values.count, !isDown, line.values[index + 1] == nil {
        // A point alone would be a line of no length.
        path += "h1"
      }
      isDown = true
    }
    if line.isArea, isDown {
      let down = "V\(SVG.number(y.start))H\(SVG.number(firstX))Z"
      svg.add("<path class=\"area c\(line.colour)\" d=\"\(path)\(down)\"/>")
    }
    svg.add("<path class=\"line c\(line.colour)\" d=\"\(path)\"/>")
  }

  /// An invisible column for every few points, with the values there.
  private func addTooltips(_ times: [Double], _ axis: TimeTicks, _ x: Scale, _ svg: inout SVG) {
    let count = times.count - 1
    let step = max(1, count / 80)
    for index in stride(from: 0, to: count, by: step) {
      let end = min(count, index + step)
      let from = x.position(times[index])
      let values = series.compactMap { line in
        line.values[index].map { "\(line.name) \(format($0))" }
      }
      svg.add(
        "<rect class=\"tip\" x=\"\(SVG.number(from))\" y=\"\(SVG.number(Self.top))\" width=\"\(SVG.number(x.position(times[end]) - from))\" height=\"\(SVG.number(Self.height - Self.top - Self.bottom))\"><title>\(Page.escaped(([axis.name(times[index])] + values).joined(separator: "\n")))</title></rect>"
      )
    }
  }
}
