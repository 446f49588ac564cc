import Foundation

/// One minute of two versions: how many of their invocations had a defect.
package struct MinutePair: Equatable, Sendable {
  package var newDefects: Int
  package var newTotal: Int
  package var oldDefects: Int
  package var oldTotal: Int

  package init(newDefects: Int, newTotal: Int, oldDefects: Int, oldTotal: Int) {
    self.newDefects = newDefects
    self.newTotal = newTotal
    self.oldDefects = oldDefects
    self.oldTotal = oldTotal
  }
}

/// The alternatives over which the tests are mixed: odds ratios of a defect. Below the smallest, a
/// difference does not matter to users, and no amount of traffic makes it fail.
private let oddsRatios: [Double] = [1.5, 2, 4, 8, 16, 64]

/// A sequential test of whether a new version has more defects than the old one in the same
/// minutes; valid however often it is looked at.
///
/// Given a minute's totals, the new version's defects are hypergeometric if both versions are
/// equally good, whatever the shares of the traffic are and whatever disturbs both versions in that
/// minute. The likelihood ratio of each odds ratio against 1 is then a martingale with expectation
/// 1, and so is their mean (the mixture sequential probability ratio test). By Ville's inequality it
/// exceeds 1/α with a probability of at most α, over all looks together.
///
/// Sources: H. Robbins, "Statistical methods related to the law of the iterated logarithm", Ann. Math.
/// Statist. 41 (1970); R. Johari, P. Koomen, L. Pekelis, D. Walsh, "Always valid inference: continuous
/// monitoring of A/B tests", Operations Research 70 (2022); R. Turner, A. Ly, P. Grünwald, "Generic
/// E-variables for exact sequential k-sample tests that allow for optional stopping", J. Stat. Plan.
/// Inference 230 (2024).
package struct ExcessTest: Sendable {
  private var logRatios = [Double](repeating: 0, count: oddsRatios.count)

  package init() {}

  /// Adds a complete minute. One without both versions or without defects says nothing.
  package mutating func add(_ minute: MinutePair) {
    let defects = minute.newDefects + minute.oldDefects
    let smallest = max(0, defects - minute.oldTotal)
    let largest = min(minute.newTotal, defects)
    guard smallest < largest else { return }
    // The hypergeometric probabilities, each relative to the first.
    var logWeights = [0.0]
    for count in smallest..<largest {
      let ratio =
        Double(minute.newTotal - count) * Double(defects - count)
        / (Double(count + 1) * Double(minute.oldTotal - defects + count + 1))
      logWeights.append(logWeights[logWeights.count - 1] + log(ratio))
    }
    let whole = logSum(logWeights)
    for (index, oddsRatio) in oddsRatios.enumerated() {
      let tilt = log(oddsRatio)
      let tilted = logSum(logWeights.enumerated().map { $1 + Double($0) * tilt })
      logRatios[index] += Double(minute.newDefects - smallest) * tilt - (tilted - whole)
    }
  }

  /// The natural logarithm of the evidence against "not worse than the old version".
  package var logEvidence: Double { logMean(logRatios) }
}

/// Sequential tests of one proportion against a limit; valid however often they are looked at.
package enum ProportionTest {
  /// The natural logarithm of the evidence that the share of defects is above a limit.
  package static func logEvidence(above limit: Double, defects: Int, total: Int) -> Double {
    logMean(oddsRatios.map { logRatio($0, limit, defects, total) })
  }

  /// The largest share of defects that the sample does not exclude, with the error probability
  /// `level` over all looks.
  package static func upperBound(defects: Int, total: Int, level: Double) -> Double {
    guard total > 0 else { return 1 }
    return bound(level) { limit in
      logMean(oddsRatios.map { logRatio(1 / $0, limit, defects, total) })
    }.upper
  }

  /// The smallest share of defects that the sample does not exclude.
  package static func lowerBound(defects: Int, total: Int, level: Double) -> Double {
    guard defects > 0 else { return 0 }
    return bound(level) { 0 - logEvidence(above: $0, defects: defects, total: total) }.lower
  }

  /// The total with which, without another defect, the upper bound is within a limit; nil beyond a
  /// million.
  package static func totalNeeded(defects: Int, limit: Double, level: Double) -> Int? {
    var (low, high) = (defects, max(16, defects))
    while upperBound(defects: defects, total: high, level: level) > limit {
      low = high
      high *= 2
      if high > 1_000_000 { return nil }
    }
    while high - low > 1 {
      let middle = (low + high) / 2
      if upperBound(defects: defects, total: middle, level: level) > limit {
        low = middle
      } else {
        high = middle
      }
    }
    return high
  }

  /// Bernoulli's likelihood ratio of the odds of `limit` multiplied by `oddsRatio`, against `limit`.
  private static func logRatio(
    _ oddsRatio: Double, _ limit: Double, _ defects: Int, _ total: Int
  ) -> Double {
    Double(defects) * log(oddsRatio) - Double(total) * log1p((oddsRatio - 1) * limit)
  }

  /// Bisects a function that rises with the limit: where it crosses the evidence of the level.
  private static func bound(
    _ level: Double, _ rising: (Double) -> Double
  ) -> (lower: Double, upper: Double) {
    func crossing(_ evidence: Double) -> Double {
      var (low, high) = (0.0, 1.0)
      for _ in 0..<40 {
        let middle = (low + high) / 2
        if rising(middle) < evidence { low = middle } else { high = middle }
      }
      return high
    }
    return (crossing(log(level)), crossing(-log(level)))
  }
}

/// Several sequential tests of the same hypothesis as one: their mean is a valid one again.
func logMean(_ logValues: [Double]) -> Double {
  logSum(logValues) - log(Double(logValues.count))
}

private func logSum(_ logValues: [Double]) -> Double {
  guard let largest = logValues.max(), largest > -.infinity else { return -.infinity }
  return largest + log(logValues.reduce(0) { $0 + exp($1 - largest) })
}
