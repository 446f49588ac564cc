/// Text of an SVG picture.
struct SVG {
  private var parts: [String]

  init(width: Double, height: Double, label: String) {
    parts = [
      "<svg viewBox=\"0 0 \(Self.number(width)) \(Self.number(height))\" role=\"img\" aria-label=\"\(Page.escaped(label))\">"
    ]
  }

  mutating func add(_ element: String) { parts.append(element) }

  /// The whole picture.
  var text: String { parts.joined(separator: "\n") + "\n</svg>" }

  /// Grid lines at the ticks with their labels at the left.
  mutating func horizontalAxis(
    _ scale: Scale, left: Double, right: Double, _ format: (Double) -> String
  ) {
    for tick in scale.ticks {
      let y = Self.number(scale.position(tick))
      add(
        "<line class=\"grid\" x1=\"\(Self.number(left))\" x2=\"\(Self.number(right))\" y1=\"\(y)\" y2=\"\(y)\"/>"
      )
      add(
        "<text class=\"end\" x=\"\(Self.number(left - 6))\" y=\"\(y)\" dy=\".32em\">\(Page.escaped(format(tick)))</text>"
      )
    }
  }

  /// A label below the plot.
  mutating func tick(_ x: Double, y: Double, _ label: String) {
    add(
      "<text class=\"mid\" x=\"\(Self.number(x))\" y=\"\(Self.number(y))\">\(Page.escaped(label))</text>"
    )
  }

  /// A dashed line, with a label above its right end.
  mutating func limit(y: Double, left: Double, right: Double, _ label: String = "") {
    let at = Self.number(y)
    add(
      "<line class=\"limit\" x1=\"\(Self.number(left))\" x2=\"\(Self.number(right))\" y1=\"\(at)\" y2=\"\(at)\"/>"
    )
    if label.isEmpty { return }
    add(
      "<text class=\"end strong\" x=\"\(Self.number(right))\" y=\"\(Self.number(y < 24 ? y + 13 : y - 5))\">\(Page.escaped(label))</text>"
    )
  }

  /// At most one decimal, which is a tenth of a pixel.
  static func number(_ value: Double) -> String {
    let rounded = (value * 10).rounded() / 10
    return rounded == rounded.rounded() ? "\(Int(rounded))" : "\(rounded)"
  }
}
