import Foundation

/// A text plot of one number against another.
package struct ScatterPlot: Sendable {
  package let title: String
  package let valueName: String
  package let points: [(x: Double, y: Double)]

  package init(title: String, valueName: String, points: [(x: Double, y: Double)]) {
    self.title = title
    self.valueName = valueName
    self.points = points
  }

  /// Lines without trailing spaces; empty for fewer than two points.
  ///
  /// Both axes are logarithmic where the numbers are positive and span more than a factor of five.
  /// Several points in one place are shown by their number.
  package func text(width: Int = 48, height: Int = 10) -> String {
    guard points.count > 1, width > 1, height > 1 else { return "" }
    let horizontal = Axis(points.map(\.x))
    let vertical = Axis(points.map(\.y))
    var counts = [[Int]](repeating: [Int](repeating: 0, count: width), count: height)
    for point in points {
      let column = horizontal.position(point.x, of: width)
      let row = height - 1 - vertical.position(point.y, of: height)
      counts[row][column] += 1
    }
    let top = Axis.label(vertical.maximum)
    let bottom = Axis.label(vertical.minimum)
    let margin = max(top.count, bottom.count)
    var lines = [valueName]
    for (row, cells) in counts.enumerated() {
      let label = row == 0 ? top : row == height - 1 ? bottom : ""
      let marks = cells.map { $0 == 0 ? " " : $0 == 1 ? "o" : $0 < 10 ? String($0) : "#" }.joined()
      lines.append(Self.padded(label, margin) + " |" + marks)
    }
    lines.append(
      String(repeating: " ", count: margin) + " +" + String(repeating: "-", count: width))
    let left = Axis.label(horizontal.minimum)
    let right = Axis.label(horizontal.maximum)
    let gap = max(1, width - left.count - right.count)
    lines.append(
      String(repeating: " ", count: margin + 2) + left + String(repeating: " ", count: gap) + right)
    lines.append(
      String(repeating: " ", count: margin + 2) + title
        + (horizontal.isLogarithmic ? " (logarithmic)" : ""))
    return lines.map { String($0.reversed().drop { $0 == " " }.reversed()) }.joined(separator: "\n")
  }

  private static func padded(_ text: String, _ width: Int) -> String {
    String(repeating: " ", count: width - text.count) + text
  }

  private struct Axis {
    let minimum: Double
    let maximum: Double
    let isLogarithmic: Bool

    init(_ values: [Double]) {
      minimum = values.min() ?? 0
      maximum = values.max() ?? 0
      isLogarithmic = minimum > 0 && maximum > 5 * minimum
    }

    func position(_ value: Double, of count: Int) -> Int {
      let scale: (Double) -> Double = isLogarithmic ? { log($0) } : { $0 }
      let span = scale(maximum) - scale(minimum)
      guard span > 0 else { return count / 2 }
      let share = (scale(value) - scale(minimum)) / span
      return min(count - 1, max(0, Int((share * Double(count - 1)).rounded())))
    }

    static func label(_ value: Double) -> String { String(format: "%.4g", value) }
  }
}
