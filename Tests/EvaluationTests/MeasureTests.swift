import Foundation
import Prices
import Testing

@testable import Evaluation

@Suite struct MeasureTests {
  @Test(arguments: [(-1, 0), (1e18, 14), (1e300, 14), (Double.infinity, 14)])
  func numberThatIsNoProbabilityEndsNothing(probability: Double, bin: Int) {
    let evaluation = Evaluation.made(classes: 2, [(0, 0, probability)])
    #expect(evaluation.calibration.bins[bin].count == 1)
  }

  @Test func nothingHasNoShare() {
    #expect(Proportion(0, of: 0).value == nil)
    #expect(Proportion(0, of: 0).interval == nil)
  }

  @Test func intervalsOfNoneAndAllEndAtTheirEdge() throws {
    let none = try #require(Proportion(0, of: 7).interval)
    let all = try #require(Proportion(7, of: 7).interval)
    #expect(none.lowerBound == 0)
    #expect(all.upperBound == 1)
    #expect(abs(none.upperBound - 0.35433) < 1e-5)
    #expect(abs(1 - all.lowerBound - none.upperBound) < 1e-15)
  }

  @Test func undefinedPrecisionAndRecallCountAsZero() throws {
    // Class 2 is never predicted, class 3 is never a label, class 4 is neither.
    let evaluation = Evaluation.made(
      classes: 5, [(0, 0, 0.9), (0, 3, 0.8), (1, 1, 0.7), (2, 1, 0.6)])
    let scores = evaluation.scores
    #expect(scores.rows.map(\.index) == [0, 1, 2, 3])
    #expect(scores.rows[2].precision == nil)
    #expect(scores.rows[3].recall == nil)
    #expect(scores.undefined == (1, 1))
    let macro = try #require(scores.macro)
    #expect(abs(macro.precision - (1 + 0.5 + 0 + 0) / 4) < 1e-15)
    #expect(abs(macro.recall - (0.5 + 1 + 0 + 0) / 4) < 1e-15)
    let weighted = try #require(scores.weighted)
    #expect(abs(weighted.recall - 0.5) < 1e-15)
  }

  @Test func f1IsTheHarmonicMean() {
    let scores = Evaluation.made(
      classes: 2, [(0, 0, 0.9), (0, 1, 0.9), (0, 1, 0.9), (1, 0, 0.9)]
    ).scores
    #expect(scores.rows[0].precision == 0.5)
    #expect(scores.rows[0].recall == 1.0 / 3)
    #expect(scores.rows.map(\.f1) == [0.4, 0])
  }

  @Test func logLossOfAnImpossibleLabelIsFinite() throws {
    let evaluation = Evaluation.made(classes: 2, [(0, 1, 1)], truthProbabilities: [0])
    #expect(try #require(evaluation.logLoss) == -log(Double.ulpOfOne))
  }

  @Test func logLossNeedsTheProbabilityOfEveryLabel() {
    let evaluation = Evaluation.made(
      classes: 2, [(0, 1, 0.6), (1, 1, 0.6)], truthProbabilities: [0.4, nil])
    #expect(evaluation.logLoss == nil)
  }

  @Test func binsBelongToTheirUpperEdge() {
    let probabilities = (0...15).map { Double($0) / 15 }
    let evaluation = Evaluation.made(classes: 1, probabilities.map { (0, 0, $0) })
    #expect(evaluation.calibration.bins.map(\.count) == [2] + Array(repeating: 1, count: 14))
  }

  @Test func calibrationErrorIsTheMeanDistance() throws {
    let evaluation = Evaluation.made(
      classes: 2, [(0, 0, 0.95), (0, 0, 0.95), (0, 1, 0.95), (0, 1, 0.55)])
    let error = try #require(evaluation.calibration.expectedError)
    #expect(abs(error - (0.75 * abs(2.0 / 3 - 0.95) + 0.25 * 0.55)) < 1e-12)
  }

  @Test func topFiveNeedsMoreThanFiveClasses() {
    #expect(Evaluation.made(classes: 5, [(0, 0, 0.9)]).top5 == nil)
    #expect(Evaluation.made(classes: 6, [(0, 0, 0.9)]).top5 == Proportion(1, of: 1))
  }

  @Test func fifthPlaceIsAmongTheFirstFive() {
    let observations = [1, 5, 6].map { rank in
      Observation(
        key: "\(rank)", label: "0", truth: 0, predicted: rank == 1 ? 0 : 1, confidence: 0.5,
        truthRank: rank, listed: 6)
    }
    let evaluation = Evaluation(
      model: "m", classes: (0..<6).map(String.init), observations: observations)
    #expect(evaluation.top5 == Proportion(2, of: 3))
  }

  @Test func topFiveIsUnknownWhereAnAnswerListsFewer() {
    #expect(Evaluation.made(classes: 6, [(0, 0, 0.9)], listed: 3).top5 == nil)
  }

  @Test func percentilesAreTheNearestRank() throws {
    let quantiles = try #require(Quantiles((1...10).map(Double.init)))
    #expect(quantiles.p50 == 5)
    #expect(quantiles.p90 == 9)
    #expect(quantiles.p99 == 10)
    #expect(quantiles.mean == 5.5)
    #expect(Quantiles([]) == nil)
  }

  @Test func testIsExactForAThousandAndCorrectedBeyond() {
    #expect(McNemar(lost: 0, gained: 0).p == 1)
    #expect(McNemar(lost: 3, gained: 3).p == 1)
    #expect(McNemar(lost: 0, gained: 5).p == 0.0625)
    #expect(McNemar(lost: 500, gained: 500).isExact)
    #expect(!McNemar(lost: 500, gained: 501).isExact)
    let (exact, corrected) = (McNemar(lost: 460, gained: 540), McNemar(lost: 460, gained: 541))
    #expect(abs(exact.p - corrected.p) < 2e-3)
    // statsmodels.stats.contingency_tables.mcnemar(exact=False, correction=True)
    #expect(abs(corrected.p - 0.011453210717694605) < 1e-15)
  }

  @Test func coverageLeavesOutTheUnsure() {
    let evaluation = Evaluation.made(classes: 2, [(0, 0, 0.95), (0, 1, 0.6), (0, 0, 0.5)])
    let half = evaluation.coverage.points.first { $0.threshold == 0.6 }
    #expect(half?.accepted == Proportion(2, of: 3))
    #expect(half?.right == Proportion(1, of: 2))
    let most = evaluation.coverage.points.first { $0.threshold == 0.9 }
    #expect(most?.right == Proportion(1, of: 1))
  }

  @Test func aFailureCountsAsWrongWhereAModelMustPass() {
    var evaluation = Evaluation.made(classes: 2, [(0, 0, 0.9)])
    #expect(evaluation.gate == Proportion(1, of: 1))
    evaluation = Evaluation(
      model: "m", classes: evaluation.classes, observations: evaluation.observations,
      failures: [
        .init(key: "a", label: "x", reason: "r"), .init(key: "b", label: nil, reason: "r"),
      ])
    #expect(evaluation.top1 == Proportion(1, of: 1))
    #expect(evaluation.gate == Proportion(1, of: 2))
  }

  @Test func costIsThatOfRequestsDurationAndInstance() throws {
    let prices = try PriceList.usEast1()
    let cost = try ThousandCost(
      functionMilliseconds: 200, endpointMilliseconds: 100, memoryMB: 512,
      instanceType: "ml.m5.xlarge", prices: prices)
    #expect(abs(cost.function - (0.0002 + 1000 * 0.5 * 0.2 * 0.0000166667)) < 1e-12)
    #expect(abs(try #require(cost.endpoint) - 0.23 / 3600 * 100) < 1e-12)
    #expect(throws: PriceError.self) {
      try ThousandCost(
        functionMilliseconds: 1, endpointMilliseconds: 1, memoryMB: 128,
        instanceType: "ml.none", prices: prices)
    }
  }
}

extension Evaluation {
  /// - Parameter rows: index of the label's class, of the predicted class, and its probability.
  static func made(
    classes: Int, _ rows: [(truth: Int, predicted: Int, confidence: Double)],
    truthProbabilities: [Double?]? = nil, listed: Int? = nil
  ) -> Evaluation {
    let names = (0..<classes).map { "class \($0)" }
    return Evaluation(
      model: "m", classes: names,
      observations: rows.enumerated().map { index, row in
        Observation(
          key: "photo-\(index)", label: names[row.truth], truth: row.truth,
          predicted: row.predicted, confidence: row.confidence,
          truthProbability: truthProbabilities.map { $0[index] } ?? row.confidence,
          truthRank: row.truth == row.predicted ? 1 : 2, listed: listed ?? classes)
      })
  }
}
