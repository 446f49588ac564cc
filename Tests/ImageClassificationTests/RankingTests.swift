import TestSupport
import Testing

@testable import ImageClassification

@Suite struct RankingTests {
  /// Few different probabilities, so that many are equal.
  private func probabilities(_ count: Int, _ generator: inout SeededGenerator) -> [Double] {
    (0..<count).map { _ in Double(Int.random(in: 0...count / 2, using: &generator)) / 100 }
  }

  @Test(arguments: [0, 1, 2, 3, 7, 8, 9, 133, 1_000])
  func theHighestComeFirstAndEqualOnesInTheirOrder(count: Int) {
    var generator = SeededGenerator(seed: UInt64(count))
    let probabilities = probabilities(count, &generator)
    let expected = probabilities.indices.sorted {
      (-probabilities[$0], $0) < (-probabilities[$1], $1)
    }
    for limit in [1, 5, max(1, count / 2), max(1, count), .max] {
      let entries = Ranking.highest(probabilities, limit: limit)
      #expect(entries.map(\.index) == Array(expected.prefix(limit)))
      #expect(entries.allSatisfy { probabilities[$0.index] == $0.number })
    }
  }
}
