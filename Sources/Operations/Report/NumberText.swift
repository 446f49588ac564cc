import Foundation

/// How numbers are written on a page.
package enum NumberText {
  /// `$1,234.50`
  package static func dollars(_ value: Double) -> String {
    (value < -0.005 ? "-$" : "$") + grouped(String(format: "%.2f", abs(value)))
  }

  /// `1,200`, `0.5`: a tick.
  package static func amount(_ value: Double) -> String {
    if value != value.rounded() { return String(format: "%g", value) }
    return abs(value) < 1e15 ? grouped("\(Int(value))") : String(format: "%g", value)
  }

  /// `0.12 %`, `< 0.01 %`
  package static func share(_ value: Double) -> String {
    value == 0 ? "0 %" : value < 0.00005 ? "< 0.01 %" : String(format: "%.2f %%", value * 100)
  }

  /// `87.5 %`; a tick at zero may be the negative one.
  package static func percent(_ share: Double) -> String {
    String(format: "%.1f %%", 100 * (share == 0 ? 0 : share))
  }

  /// `12,345`
  package static func count(_ value: Int) -> String { grouped("\(value)") }

  private static func grouped(_ text: String) -> String {
    let parts = text.split(separator: ".", maxSplits: 1)
    var digits = ""
    for (index, digit) in (parts.first ?? "").reversed().enumerated() {
      if index > 0, index % 3 == 0, digit != "-" { digits.append(",") }
      digits.append(digit)
    }
    return String(digits.reversed()) + (parts.count > 1 ? ".\(parts[1])" : "")
  }
}
