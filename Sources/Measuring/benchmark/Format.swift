import Foundation

/// Numbers for people: three significant digits, in the unit that fits.
enum Format {
  static func value(_ value: Double, _ unit: Measure.Unit) -> String {
    switch unit {
    case .microseconds:
      value >= 1_000 ? "\(digits(value / 1_000)) ms" : "\(digits(value)) µs"
    case .kibibytes: "\(digits(value / 1_024)) MiB"
    case .bytes: "\(digits(value / 1_000_000)) MB"
    }
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
