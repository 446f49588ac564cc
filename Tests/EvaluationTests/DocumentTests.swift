import AWSControl
import JSON
import Testing

@testable import Evaluation

@Suite struct DocumentTests {
  private func evaluation(_ predicted: [Int], model: String = "m") -> Evaluation {
    var evaluation = Evaluation.made(
      classes: 6, predicted.enumerated().map { ($0.offset % 3, $0.element, 0.5) })
    evaluation = Evaluation(
      model: model, classes: evaluation.classes, observations: evaluation.observations)
    return evaluation
  }

  private func bytes(_ evaluation: Evaluation) -> [UInt8] {
    EvaluationDocument(evaluation).json.json.serialized()
  }

  @Test func documentIsReadAsItWasWritten() throws {
    let written = evaluation([0, 1, 2, 1, 0])
    let read = try Evaluation(document: bytes(written), path: "old.json")
    #expect(read.model == "m")
    #expect(read.top1 == written.top1)
    #expect(read.observations.map(\.key) == written.observations.map(\.key))
    let comparison = EvaluationComparison(old: read, new: written)
    #expect(comparison.flips == Proportion(0, of: 5))
    #expect(comparison.before == comparison.after)
  }

  @Test(arguments: [
    ("", "is not JSON"), ("{}", "is not an evaluation"), (#"{"format":2}"#, "is not an evaluation"),
    (#"{"format":1,"model":"m","photographs":[{"key":"k"}]}"#, "without key or class"),
  ])
  func anotherFileIsRefused(text: String, reason: String) throws {
    let error = #expect(throws: Refusal.self) {
      try Evaluation(document: Array(text.utf8), path: "old.json")
    }
    #expect(error?.reason.contains(reason) == true, "\(String(describing: error))")
  }

  @Test func comparisonNamesThePhotographsThatChanged() {
    let old = evaluation([0, 1, 1, 0, 1, 1], model: "old")
    let new = evaluation([0, 0, 2, 0, 0, 5], model: "new")
    let comparison = EvaluationComparison(old: old, new: new)
    #expect(comparison.test.lost == 2)
    #expect(comparison.test.gained == 1)
    #expect(comparison.flips == Proportion(4, of: 6))
    // Losses, gains, and the others.
    #expect(comparison.changes.map(\.key) == ["photo-1", "photo-4", "photo-2", "photo-5"])
    #expect(comparison.verdict == .undecided)
  }

  @Test func comparisonIsOfThePhotographsOfBoth() {
    let old = evaluation([0, 1, 2])
    let new = evaluation([0, 1, 2, 0])
    let comparison = EvaluationComparison(old: old, new: new)
    #expect(comparison.common == 3)
    #expect(comparison.onlyOld == 0)
    #expect(comparison.onlyNew == 1)
  }

  @Test func modelThatIsRightMoreOftenIsBetter() {
    let wrong = evaluation(Array(repeating: 5, count: 9), model: "old")
    let right = evaluation((0..<9).map { $0 % 3 }, model: "new")
    #expect(EvaluationComparison(old: wrong, new: right).verdict == .better)
    #expect(EvaluationComparison(old: right, new: wrong).verdict == .worse)
  }

  /// Five gains without a loss have p = 0.0625, six 0.03125.
  @Test(arguments: [(5, EvaluationComparison.Verdict.undecided), (6, .better)])
  func fewGainsAreNotSignificant(gained: Int, verdict: EvaluationComparison.Verdict) {
    let wrong = evaluation(Array(repeating: 5, count: gained), model: "old")
    let right = evaluation((0..<gained).map { $0 % 3 }, model: "new")
    #expect(EvaluationComparison(old: wrong, new: right).verdict == verdict)
  }

  @Test func modelThatDoesNotAnswerIsWorse() {
    let old = evaluation((0..<9).map { $0 % 3 }, model: "old")
    let new = Evaluation(
      model: "new", classes: old.classes, observations: Array(old.observations.prefix(2)),
      failures: old.observations.dropFirst(2).map {
        .init(key: $0.key, label: $0.label, reason: "502")
      })
    let comparison = EvaluationComparison(old: old, new: new)
    #expect(comparison.verdict == .worse)
    #expect(comparison.before == Proportion(9, of: 9))
    #expect(comparison.after == Proportion(2, of: 9))
    #expect(comparison.common == 2)
  }

  /// The indices of the classes differ from one document to the next.
  @Test func classesAreComparedByName() throws {
    let old = try Evaluation(
      document: Array(
        #"{"format":1,"model":"o","photographs":[{"key":"photo-0","class":"class 2","labelClass":"class 0"},{"key":"photo-1","class":"class 1","labelClass":"class 1"}]}"#
          .utf8), path: "old.json")
    let comparison = EvaluationComparison(old: old, new: evaluation([0, 1]))
    #expect(comparison.changes.map(\.before) == ["class 2"])
    #expect(comparison.changes.map(\.after) == ["class 0"])
  }
}
