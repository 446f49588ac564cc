import Foundation

/// McNemar's test: whether two models are right about a different share of the same photographs.
///
/// Only photographs about which exactly one is right say anything. Up to 1,000 of these the test is exact (two-sided
/// binomial), so that it is right also of few; of more, the chi-squared approximation with the continuity correction
/// differs from it in the third digit of p at most.
package struct McNemar: Sendable, Equatable {
  /// The old model is right, the new one wrong.
  package let lost: Int
  /// The old model is wrong, the new one right.
  package let gained: Int

  package static let maximumExact = 1000

  package init(lost: Int, gained: Int) { (self.lost, self.gained) = (lost, gained) }

  package var isExact: Bool { lost + gained <= Self.maximumExact }

  /// The probability of a difference at least as large between equally good models.
  package var p: Double {
    let count = lost + gained
    guard count > 0 else { return 1 }
    return isExact ? exact(count) : corrected(count)
  }

  /// Twice the tail of the binomial distribution with 1/2.
  private func exact(_ count: Int) -> Double {
    // 2^-1000 is above the least double.
    var term = pow(0.5, Double(count))
    var sum = term
    for k in 0..<min(lost, gained) {
      term *= Double(count - k) / Double(k + 1)
      sum += term
    }
    return min(1, 2 * sum)
  }

  /// Edwards' correction, chi-squared with one degree of freedom.
  private func corrected(_ count: Int) -> Double {
    let distance = max(0, Double(abs(lost - gained)) - 1)
    return erfc((distance * distance / Double(count) / 2).squareRoot())
  }
}
