import Foundation

/// Numbers for people: three significant digits, in the unit that fits.
enum Format {
  static func value(_ value: Double, _ unit: Measure.Unit) -> String {
    switch unit {
    case .microseconds:
      value >= 1_000 ? "\(digits(value / 1_000)) ms" : "\(digits(value)) µs"
    case .kibibytes: "\(digits(value / 1_024)) MiB"
    case .bytes: "\(digits(value / 1_000_000)) MB"
    case .count: value >= 10_000 ? "\(digits(value / 1_000)) k" : String(format: "%.0f", value)
    }
  }

  /// `1.21 ms / 1.36 ms`, minimum and median; one value where there is only one.
  static func spread(_ spread: Spread, _ unit: Measure.Unit) -> String {
    let median = value(spread.median, unit)
    return spread.minimum == spread.maximum ? median : "\(value(spread.minimum, unit)) / \(median)"
  }

  /// `1.27` from a hundredth on, `1/205` for less than a tenth.
  static func ratio(_ value: Double) -> String {
    value >= 0.1 || value <= 0 ? digits(value) : "1/\(digits(1 / value))"
  }

  private static func digits(_ value: Double) -> String {
    guard value.isFinite else { return "\(value)" }
    let decimals = value.magnitude >= 99.95 ? 0 : value.magnitude >= 9.995 ? 1 : 2
    return String(format: "%.\(decimals)f", value)
  }
}
