/// How often each whole number of milliseconds was measured: quantiles are exact, and the memory does not grow with the
/// number of results.
package struct LatencyCounts: Sendable, Equatable {
  /// Lambda's longest run; longer times count as this one.
  private static let maximum = 900_000

  private var counts: [Int: Int] = [:]
  package private(set) var total = 0

  package init() {}

  package mutating func add(_ milliseconds: Int) {
    counts[min(max(0, milliseconds), Self.maximum), default: 0] += 1
    total += 1
  }

  /// The smallest time that at least this share of all did not exceed; nil without any.
  package func quantile(_ share: Double) -> Int? {
    let rank = max(1, Int((share * Double(total)).rounded(.up)))
    var seen = 0
    for (milliseconds, count) in counts.sorted(by: { $0.key < $1.key }) {
      seen += count
      if seen >= rank { return milliseconds }
    }
    return nil
  }

  package var maximum: Int? { counts.keys.max() }
}
