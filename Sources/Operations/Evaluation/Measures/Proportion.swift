/// A share of photographs, with how far it can be trusted.
package struct Proportion: Sendable, Equatable {
  package let count: Int
  package let total: Int

  package init(_ count: Int, of total: Int) { (self.count, self.total) = (count, total) }

  /// 0 to 1; nil of nothing.
  package var value: Double? { total > 0 ? Double(count) / Double(total) : nil }

  /// The 0.975 quantile of the normal distribution.
  private static let z = 1.959963984540054

  /// The 95 % interval by Wilson's score, which is within 0 to 1 also of few photographs.
  ///
  /// Source: E. B. Wilson, Probable inference, the law of succession, and statistical inference, 1927.
  package var interval: ClosedRange<Double>? {
    guard let value else { return nil }
    let n = Double(total)
    let square = Self.z * Self.z
    let middle = (value + square / (2 * n)) / (1 + square / n)
    let half =
      Self.z * (value * (1 - value) / n + square / (4 * n * n)).squareRoot() / (1 + square / n)
    // Rounding must not put an end beside 0 or 1.
    let lower = count == 0 ? 0 : middle - half
    let upper = count == total ? 1 : middle + half
    return max(0, lower)...min(1, upper)
  }
}
