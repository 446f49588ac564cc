import Foundation
import Testing

@testable import CapacityPlanner

@Suite struct RandomTests {
  @Test func exponentialDrawsHaveTheMomentsAndTheTailOfTheDistribution() {
    let table = ExponentialTable()
    var random = RandomBits(seed: 7)
    let draws = 2_000_000
    var (sum, squares, beyondOne, beyondEight) = (0.0, 0.0, 0, 0)
    for _ in 0..<draws {
      let value = table.draw(&random)
      sum += value
      squares += value * value
      if value > 1 { beyondOne += 1 }
      if value > 8 { beyondEight += 1 }
    }
    // Five standard errors each.
    let count = Double(draws)
    let root = count.squareRoot()
    #expect(abs(sum / count - 1) < 5 / root)
    #expect(abs(squares / count - 2) < 5 * 20.0.squareRoot() / root)
    #expect(abs(Double(beyondOne) / count - exp(-1)) < 5 * 0.5 / root)
    #expect(abs(Double(beyondEight) / count - exp(-8)) < 5 * exp(-4) / root)
  }

  @Test func xoshiroGivesTheReferenceSequence() {
    // The first outputs of the reference implementation in C for the state that SplitMix64 makes of 42.
    var random = RandomBits(seed: 42)
    let values = (0..<3).map { _ in random.next() }
    #expect(
      values == [15_021_278_609_987_233_951, 5_881_210_131_331_364_753, 18_149_643_915_985_481_100])
  }

  @Test func streamsOfOneSeedDiffer() {
    var first = RandomBits(seed: 1, stream: 1)
    var second = RandomBits(seed: 1, stream: 2)
    #expect(first.next() != second.next())
  }
}
