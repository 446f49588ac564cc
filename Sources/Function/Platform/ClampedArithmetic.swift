extension Int64 {
  /// The sum, or the nearest value that the type holds: for numbers that come from outside, where a trap
  /// would end the process without a line.
  public func clampedAdding(_ other: Int64) -> Int64 {
    let (sum, overflows) = addingReportingOverflow(other)
    guard overflows else { return sum }
    return other < 0 ? .min : .max
  }

  /// The difference, or the nearest value that the type holds.
  public func clampedSubtracting(_ other: Int64) -> Int64 {
    let (difference, overflows) = subtractingReportingOverflow(other)
    guard overflows else { return difference }
    return other < 0 ? .max : .min
  }

  /// The product, or the nearest value that the type holds.
  public func clampedMultiplied(by other: Int64) -> Int64 {
    let (product, overflows) = multipliedReportingOverflow(by: other)
    guard overflows else { return product }
    return (self < 0) == (other < 0) ? .max : .min
  }
}
