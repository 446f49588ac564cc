/// Percentiles by the nearest rank, as `local-invoke` prints them: the smallest value that at least this percentage of
/// the values does not exceed.
package struct Quantiles: Sendable, Equatable {
  package let p50: Double
  package let p90: Double
  package let p99: Double
  package let maximum: Double
  package let mean: Double

  /// Nil of no values.
  package init?(_ values: [Double]) {
    let sorted = values.sorted()
    guard let last = sorted.last else { return nil }
    func percentile(_ percent: Int) -> Double {
      // In whole numbers: 0.9 × 10 is above 9.
      sorted[max(1, (percent * sorted.count + 99) / 100) - 1]
    }
    (p50, p90, p99) = (percentile(50), percentile(90), percentile(99))
    (maximum, mean) = (last, sorted.reduce(0, +) / Double(sorted.count))
  }
}
