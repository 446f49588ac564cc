import JSON
import Testing

@testable import Evaluation

@Suite struct CollectorTests {
  private func photograph(_ ranking: [(String, Double?)]) -> ClassifiedPhotograph {
    ClassifiedPhotograph(bucket: nil, key: nil, ranking: ranking.map { ($0.0, $0.1) })
  }

  @Test func labelThatNoClassMatchesIsListedAndNotWrong() {
    var collector = ObservationCollector()
    collector.add(photograph([("pug", 0.9), ("beagle", 0.1)]), key: "a", label: "pug")
    collector.add(photograph([("pug", 0.8), ("beagle", 0.2)]), key: "b", label: "borzoi")
    collector.add(photograph([("pug", 0.8), ("beagle", 0.2)]), key: "c", label: "borzoi")
    collector.add(photograph([("pug", 0.8), ("beagle", 0.2)]), key: "d", label: nil)
    let evaluation = collector.evaluation(of: "m")
    #expect(evaluation.top1 == Proportion(1, of: 1))
    #expect(evaluation.unmatched == [.init(label: "borzoi", count: 2, example: "b")])
    #expect(evaluation.unlabeledCount == 1)
  }

  /// A model that returns only its best classes names others later.
  @Test func classThatOnlyLaterAnswersListIsAClass() {
    var collector = ObservationCollector()
    collector.add(photograph([("pug", 0.9)]), key: "a", label: "beagle")
    collector.add(photograph([("beagle", 0.9)]), key: "b", label: "beagle")
    let evaluation = collector.evaluation(of: "m")
    #expect(evaluation.top1 == Proportion(1, of: 2))
    #expect(evaluation.observations[0].truthRank == nil)
    #expect(evaluation.logLoss == nil)
  }

  @Test func modelWithoutProbabilitiesHasAccuracyAlone() {
    var collector = ObservationCollector()
    collector.add(photograph([("pug", nil)]), key: "a", label: "pug")
    let evaluation = collector.evaluation(of: "m")
    #expect(evaluation.top1 == Proportion(1, of: 1))
    #expect(evaluation.calibration.expectedError == nil)
    #expect(evaluation.logLoss == nil)
    #expect(evaluation.leastSure.isEmpty)
  }

  @Test func documentWithoutAClassIsNotClassified() {
    #expect(ClassifiedPhotograph(["endpoint": "e", "source": ["key": "k"]]) == nil)
  }
}
