import Foundation
import TestSupport
import Testing

@testable import Versioning

/// The error rates of the sequential tests, by simulation with fixed seeds.
@Suite struct SequentialTestTests {
  /// A watch of an hour that looks every minute, of two versions.
  private struct Simulation {
    var newPerMinute = 3
    var oldPerMinute = 27
    var newShare: Double
    var oldShare: Double
    var minutes = 60

    /// Whether any look finds enough evidence that the new version is worse.
    func fails(seed: UInt64) -> Bool {
      var random = SeededGenerator(seed: seed)
      var test = ExcessTest()
      for _ in 0..<minutes {
        test.add(
          MinutePair(
            newDefects: defects(newPerMinute, newShare, &random), newTotal: newPerMinute,
            oldDefects: defects(oldPerMinute, oldShare, &random), oldTotal: oldPerMinute))
        if test.logEvidence >= -log(HealthLevel.falseFailure) { return true }
      }
      return false
    }

    private func defects(_ total: Int, _ share: Double, _ random: inout SeededGenerator) -> Int {
      (0..<total).count { _ in Double.random(in: 0..<1, using: &random) < share }
    }

    func failures(of runs: Int) -> Int {
      (0..<UInt64(runs)).count { fails(seed: $0) }
    }
  }

  /// At most 1 % by proof. 13 of 800 is 99 % of what a rate of exactly 1 % gives.
  @Test(arguments: [0.002, 0.05, 0.3])
  func versionThatIsAsGoodFailsInOneWatchOfAHundredAtMost(share: Double) {
    let simulation = Simulation(newShare: share, oldShare: share)
    #expect(simulation.failures(of: 800) <= 15)
  }

  @Test func versionWithTwiceTheTrafficHasTwiceTheErrorsAndIsAsGood() {
    let simulation = Simulation(
      newPerMinute: 40, oldPerMinute: 20, newShare: 0.05, oldShare: 0.05)
    #expect(simulation.failures(of: 400) <= 9)
  }

  @Test func outageThatDisturbsBothVersionsFailsNeither() {
    var test = ExcessTest()
    for minute in 0..<60 {
      let isOut = minute % 20 > 14
      test.add(
        MinutePair(
          newDefects: isOut ? 3 : 0, newTotal: 3, oldDefects: isOut ? 27 : 0, oldTotal: 27))
    }
    #expect(test.logEvidence < 1)
  }

  @Test func versionThatIsWorseIsFoundSoon() {
    let simulation = Simulation(newShare: 0.2, oldShare: 0.01)
    #expect(simulation.failures(of: 200) >= 195)
  }

  /// What a judge does that compares with Fisher's exact test at every look.
  @Test func testThatIsNotSequentialWouldFailManyMore() {
    let naive = (0..<UInt64(200)).count { seed in
      var random = SeededGenerator(seed: seed)
      var (new, old) = (0, 0)
      return (1...60).contains { minute in
        new += (0..<3).count { _ in Double.random(in: 0..<1, using: &random) < 0.3 }
        old += (0..<27).count { _ in Double.random(in: 0..<1, using: &random) < 0.3 }
        let expected = Double(new + old) / 10
        let deviation = (expected * 0.9 * 0.7).squareRoot()
        return Double(new) > expected + 1.645 * deviation
      }
    }
    #expect(naive > 40)
  }

  // MARK: Bounds

  @Test func boundsContainTheShareAtAllLooksInNineteenOfTwentyRuns() {
    let misses = (0..<UInt64(200)).count { seed in
      var random = SeededGenerator(seed: seed)
      var defects = 0
      return (1...300).contains { total in
        if Double.random(in: 0..<1, using: &random) < 0.05 { defects += 1 }
        guard total.isMultiple(of: 10) else { return false }
        return ProportionTest.upperBound(defects: defects, total: total, level: 0.05) < 0.05
          || ProportionTest.lowerBound(defects: defects, total: total, level: 0.05) > 0.05
      }
    }
    #expect(misses <= 20)
  }

  @Test func sampleThatIsNeededIsTheSmallest() throws {
    for defects in [0, 1, 5] {
      let total = try #require(
        ProportionTest.totalNeeded(defects: defects, limit: 0.01, level: 0.05))
      #expect(ProportionTest.upperBound(defects: defects, total: total, level: 0.05) <= 0.01)
      #expect(ProportionTest.upperBound(defects: defects, total: total - 1, level: 0.05) > 0.01)
    }
    #expect(ProportionTest.totalNeeded(defects: 0, limit: 0.01, level: 0.05) == 367)
  }

  @Test func nothingIsKnownOfNothing() {
    #expect(ExcessTest().logEvidence == 0)
    #expect(ProportionTest.upperBound(defects: 0, total: 0, level: 0.05) == 1)
    #expect(ProportionTest.lowerBound(defects: 0, total: 10, level: 0.05) == 0)
  }
}
