/// Points of two logarithmic measures, some of them with a name.
package struct ScatterPlot {
  package struct Point {
    package let x: Double
    package let y: Double
    /// An index of ``ScatterPlot/groups``.
    package let group: Int
    package let tooltip: String
    /// Written beside it; nil for most.
    package var label: String?
    /// With a ring around it.
    package var isChosen = false

    package init(
      x: Double, y: Double, group: Int, tooltip: String, label: String? = nil,
      isChosen: Bool = false
    ) {
      (self.x, self.y, self.group) = (x, y, group)
      (self.tooltip, self.label, self.isChosen) = (tooltip, label, isChosen)
    }
  }

  package var title: String
  package var explanation: String
  /// Names of the groups; the first has color 1.
  package var groups: [String]
  package var points: [Point]
  /// Corners of a line that steps down from one to the next.
  package var front: [(x: Double, y: Double)] = []
  package var limit: (value: Double, label: String)?
  package var xName: String
  package let xFormat: (Double) -> String
  package let yFormat: (Double) -> String

  package init(
    title: String, explanation: String, groups: [String], points: [Point],
    front: [(x: Double, y: Double)] = [], limit: (value: Double, label: String)? = nil,
    xName: String, xFormat: @escaping (Double) -> String, yFormat: @escaping (Double) -> String
  ) {
    (self.title, self.explanation, self.groups, self.points) = (title, explanation, groups, points)
    (self.front, self.limit, self.xName) = (front, limit, xName)
    (self.xFormat, self.yFormat) = (xFormat, yFormat)
  }

  package var html: String {
    let scale = yScale(start: 1, end: 0)
    let width = scale.ticks.map { yFormat($0).count }.max() ?? 5
    let pictures = Canvas.full(labelWidth: width).map(picture)
    var legend = groups.enumerated().map { LegendEntry(name: $1, color: $0 + 1) }
    if let limit { legend.append(LegendEntry(name: limit.label, color: 0, style: "dash")) }
    return HTML.figure(title, explanation, legend: legend, pictures.joined(separator: "\n"))
  }

  private func yScale(start: Double, end: Double) -> Scale {
    Scale(
      logarithmicOver: points.map(\.y) + (limit.map { [$0.value] } ?? []), start: start, end: end)
  }

  private func picture(_ canvas: Canvas) -> String {
    let y = yScale(start: canvas.bottom - canvas.fontSize, end: canvas.top)
    let xs = points.map { max($0.x, 0.01) }
    let x = Scale(
      logarithmicOver: xs.isEmpty ? [1] : xs, start: canvas.left, end: canvas.right)
    var svg = SVG(canvas, label: title)
    svg.horizontalAxis(y, canvas, yFormat)
    addTicks(x, canvas, &svg)
    if let limit {
      svg.line("limit", canvas.left, y.position(limit.value), canvas.right, y.position(limit.value))
    }
    if !front.isEmpty { svg.add("<path class=\"front\" d=\"\(frontPath(x, y))\"/>") }
    for point in points.reversed() { dot(point, x, y, &svg) }
    let places = points.map { (x: x.position($0.x), y: y.position($0.y)) }
    var labels = LabelPlacement(canvas, obstacles: places)
    for point in points where point.label != nil {
      labels.place(point.label ?? "", at: (x.position(point.x), y.position(point.y)), &svg)
    }
    return svg.text
  }

  private func addTicks(_ x: Scale, _ canvas: Canvas, _ svg: inout SVG) {
    var end = -Double.infinity
    for tick in x.ticks {
      let text = xFormat(tick)
      let half = Double(text.count) * canvas.fontSize * 0.29
      let at = min(x.position(tick), canvas.width - half)
      guard at - half > end + 6 else { continue }
      svg.label(text, x: at, y: canvas.bottom + canvas.fontSize * 0.3, "mid")
      end = at + half
    }
    svg.label(
      xName, x: (canvas.left + canvas.right) / 2, y: canvas.height - canvas.fontSize * 0.35, "mid")
  }

  /// Steps: what is cheaper than the next is not faster.
  private func frontPath(_ x: Scale, _ y: Scale) -> String {
    var path = ""
    for corner in front {
      let (at, height) = (SVG.number(x.position(corner.x)), SVG.number(y.position(corner.y)))
      path += path.isEmpty ? "M\(at) \(height)" : "H\(at)V\(height)"
    }
    return path
  }

  private func dot(_ point: Point, _ x: Scale, _ y: Scale, _ svg: inout SVG) {
    let (cx, cy) = (SVG.number(x.position(point.x)), SVG.number(y.position(point.y)))
    if point.isChosen { svg.add("<circle class=\"ring\" cx=\"\(cx)\" cy=\"\(cy)\" r=\"9\"/>") }
    svg.add(
      "<circle class=\"dot c\(point.group + 1)\" cx=\"\(cx)\" cy=\"\(cy)\" r=\"4\"><title>\(HTML.escaped(point.tooltip))</title></circle>"
    )
  }
}

/// Puts labels beside points so that none covers another one, a marked point, or the edge.
struct LabelPlacement {
  private struct Box {
    var left, top, right, bottom: Double

    func overlaps(_ other: Box) -> Bool {
      left < other.right && other.left < right && top < other.bottom && other.top < bottom
    }
  }

  private let canvas: Canvas
  private var taken: [Box] = []
  private let obstacles: [Box]

  init(_ canvas: Canvas, obstacles: [(x: Double, y: Double)]) {
    self.canvas = canvas
    self.obstacles = obstacles.map {
      Box(left: $0.x - 4, top: $0.y - 4, right: $0.x + 4, bottom: $0.y + 4)
    }
  }

  /// Tries places around the point, ever farther away; a label far away gets a line to its point. One that fits nowhere
  /// is left out: its tooltip remains.
  mutating func place(_ text: String, at point: (x: Double, y: Double), _ svg: inout SVG) {
    let width = Double(text.count) * canvas.fontSize * 0.58
    let height = canvas.fontSize * 1.25
    for mayCoverDots in [false, true] {
      for distance in [11.0, 24, 40, 60, 85, 115, 150] {
        for (dx, dy) in [
          (1.0, -0.6), (1, 0.6), (-1, -0.6), (-1, 0.6), (0, -1), (0, 1), (1, 0), (-1, 0),
        ] {
          let center = (x: point.x + dx * distance, y: point.y + dy * distance)
          let left = dx > 0 ? center.x : dx < 0 ? center.x - width : center.x - width / 2
          let box = Box(
            left: left, top: center.y - height / 2, right: left + width,
            bottom: center.y + height / 2)
          guard isFree(box, mayCoverDots: mayCoverDots) else { continue }
          taken.append(box)
          if distance > 12 {
            svg.line("leader", point.x, point.y, min(max(point.x, left), left + width), center.y)
          }
          svg.label(text, x: left, y: center.y + canvas.fontSize * 0.35, "strong")
          return
        }
      }
    }
  }

  private func isFree(_ box: Box, mayCoverDots: Bool) -> Bool {
    box.left >= canvas.left && box.right <= canvas.width - 2 && box.top >= 2
      && box.bottom <= canvas.bottom - canvas.fontSize && !taken.contains { $0.overlaps(box) }
      && (mayCoverDots || !obstacles.contains { $0.overlaps(box) })
  }
}
