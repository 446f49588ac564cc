/// Text of an SVG picture.
struct SVG {
  private var parts: [String]

  init(_ canvas: Canvas, label: String) {
    parts = [
      "<svg class=\"\(canvas.name)\" viewBox=\"0 0 \(Self.number(canvas.width)) \(Self.number(canvas.height))\" font-size=\"\(Self.number(canvas.fontSize))\" role=\"img\" aria-label=\"\(HTML.escaped(label))\">"
    ]
  }

  mutating func add(_ element: String) { parts.append(element) }

  /// The whole picture.
  var text: String { parts.joined(separator: "\n") + "\n</svg>" }

  mutating func label(_ text: String, x: Double, y: Double, _ style: String) {
    add(
      "<text class=\"\(style)\" x=\"\(Self.number(x))\" y=\"\(Self.number(y))\">\(HTML.escaped(text))</text>"
    )
  }

  mutating func line(_ style: String, _ x1: Double, _ y1: Double, _ x2: Double, _ y2: Double) {
    add(
      "<line class=\"\(style)\" x1=\"\(Self.number(x1))\" y1=\"\(Self.number(y1))\" x2=\"\(Self.number(x2))\" y2=\"\(Self.number(y2))\"/>"
    )
  }

  mutating func rectangle(
    _ style: String, x: Double, y: Double, width: Double, height: Double, opacity: Double? = nil,
    tooltip: String? = nil
  ) {
    let fade = opacity.map { " fill-opacity=\"\(Double(Int($0 * 100)) / 100)\"" } ?? ""
    let open =
      "<rect class=\"\(style)\" x=\"\(Self.number(x))\" y=\"\(Self.number(y))\" width=\"\(Self.number(width))\" height=\"\(Self.number(height))\"\(fade)"
    add(tooltip.map { open + "><title>\(HTML.escaped($0))</title></rect>" } ?? open + "/>")
  }

  /// Grid lines at the ticks with their labels at the left.
  mutating func horizontalAxis(_ scale: Scale, _ canvas: Canvas, _ format: (Double) -> String) {
    for tick in scale.ticks {
      let y = scale.position(tick)
      line("grid", canvas.left, y, canvas.right, y)
      label(format(tick), x: canvas.left - 6, y: y + canvas.fontSize * 0.35, "end")
    }
  }

  /// At most one decimal, which is a tenth of a pixel.
  static func number(_ value: Double) -> String {
    let rounded = (value * 10).rounded() / 10
    return rounded == rounded.rounded() ? "\(Int(rounded))" : "\(rounded)"
  }
}

/// One of the sizes in which a plot is drawn. The page shows the one that fits its width, so text stays legible: at
/// least 11 px on a page of 400 px.
struct Canvas {
  /// Class of the picture: `small`, `medium`, `large`.
  let name: String
  let width: Double
  let height: Double
  let fontSize: Double
  let left: Double
  /// Where the plot ends at the right.
  let right: Double
  let top = 12.0
  /// Where the plot ends at the bottom.
  let bottom: Double
  /// About how many labels fit on the horizontal axis.
  let ticks: Int

  /// - Parameter labelWidth: of the longest label at the left, in characters.
  init(_ name: String, _ width: Double, _ height: Double, _ fontSize: Double, labelWidth: Int) {
    (self.name, self.width, self.height, self.fontSize) = (name, width, height, fontSize)
    left = Double(max(4, labelWidth)) * fontSize * 0.58 + 10
    right = width - 12
    bottom = height - fontSize * 2
    ticks = Int((width - left) / (fontSize * 5.5))
  }

  /// For plots that stand side by side.
  static func half(labelWidth: Int) -> [Canvas] {
    [
      Canvas("small", 330, 220, 13, labelWidth: labelWidth),
      Canvas("medium", 640, 260, 13.5, labelWidth: labelWidth),
    ]
  }

  /// For plots as wide as the page.
  static func full(labelWidth: Int, heights: [Double] = [300, 360, 420]) -> [Canvas] {
    [
      Canvas("small", 330, heights[0], 13, labelWidth: labelWidth),
      Canvas("medium wideplot", 640, heights[1], 13.5, labelWidth: labelWidth),
      Canvas("large", 1150, heights[2], 15, labelWidth: labelWidth),
    ]
  }
}
