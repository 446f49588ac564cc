import Foundation

/// Pieces of the report's HTML, and how numbers are written in it.
enum Page {
  static func escaped(_ text: String) -> String {
    var result = ""
    for character in text {
      switch character {
      case "&": result += "&amp;"
      case "<": result += "&lt;"
      case ">": result += "&gt;"
      case "\"": result += "&quot;"
      default: result.append(character)
      }
    }
    return result
  }

  static func figure(
    _ title: String, _ explanation: String, legend: [(name: String, colour: Int)],
    limit: String? = nil, _ svg: String
  ) -> String {
    var entries = legend.map { "<span><i class=\"c\($0.colour)\"></i>\(escaped($0.name))</span>" }
    if let limit { entries.append("<span><i class=\"dash\"></i>\(escaped(limit))</span>") }
    return """
      <figure>
      <figcaption><h3>\(escaped(title))</h3><p>\(escaped(explanation))</p>\
      <div class="legend">\(entries.joined())</div></figcaption>
      \(svg)
      </figure>
      """
  }

  static func table(_ headings: [String], _ rows: [(cells: [String], mark: String)]) -> String {
    let head = headings.map { "<th>\(escaped($0))</th>" }.joined()
    let body = rows.map { row in
      "<tr class=\"\(row.mark)\">" + row.cells.map { "<td>\(escaped($0))</td>" }.joined() + "</tr>"
    }
    return """
      <div class="wide"><table><thead><tr>\(head)</tr></thead><tbody>
      \(body.joined(separator: "\n"))
      </tbody></table></div>
      """
  }

  /// `$1,234.50`
  static func dollars(_ value: Double) -> String {
    "$" + grouped(String(format: "%.2f", value))
  }

  /// `1,200`, `0.5`: a tick.
  static func amount(_ value: Double) -> String {
    value == value.rounded() ? grouped("\(Int(value))") : String(format: "%g", value)
  }

  private static func grouped(_ text: String) -> String {
    let parts = text.split(separator: ".", maxSplits: 1)
    var digits = ""
    for (index, digit) in (parts.first ?? "").reversed().enumerated() {
      if index > 0, index % 3 == 0, digit != "-" { digits.append(",") }
      digits.append(digit)
    }
    return String(digits.reversed()) + (parts.count > 1 ? ".\(parts[1])" : "")
  }

  /// `0.12 %`
  static func share(_ value: Double) -> String {
    value == 0 ? "0 %" : value < 0.00005 ? "< 0.01 %" : String(format: "%.2f %%", value * 100)
  }

  static func time(_ duration: Duration?) -> String { duration.map(DurationText.text) ?? "–" }

  /// `p99.9`
  static func percentile(_ level: ServiceLevel) -> String {
    String(format: "p%g", level.percentile * 100)
  }
}
