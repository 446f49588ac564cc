import AWSControl
import Foundation
import JSON
import Testing

@testable import Evaluation

/// Writes the figures of given cases for scikit-learn and scipy (`.ci/checks/evaluation.sh`).
@Suite struct OracleDumpTests {
  private static let cases = ProcessInfo.processInfo.environment["EVALUATION_CASES"]
  private static let output = ProcessInfo.processInfo.environment["EVALUATION_OUTPUT"]

  @Test(
    .enabled(
      if: cases != nil && output != nil, ".ci/checks/evaluation.sh sets EVALUATION_CASES"))
  func figuresAreWrittenForTheOracles() throws {
    let text = try Data(contentsOf: URL(fileURLWithPath: try #require(Self.cases)))
    let cases = try JSONValue(parsing: Array(text))
    let written: OperationInput = [
      "evaluations": (cases["evaluations"]?.arrayValue ?? []).map(evaluation),
      "mcnemar": pairs(cases["mcnemar"]).map { McNemar(lost: $0, gained: $1).p },
      "wilson": pairs(cases["wilson"]).map { count, total in
        Proportion(count, of: total).interval.map { [$0.lowerBound, $0.upperBound] } ?? []
      },
      "quantiles": (cases["quantiles"]?.arrayValue ?? []).map { row in
        Quantiles((row.arrayValue ?? []).compactMap(\.doubleValue)).map {
          [$0.p50, $0.p90, $0.p99, $0.maximum, $0.mean]
        } ?? []
      },
    ]
    try Data(written.json.serialized()).write(
      to: URL(fileURLWithPath: try #require(Self.output)), options: .atomic)
  }

  private func pairs(_ value: JSONValue?) -> [(Int, Int)] {
    (value?.arrayValue ?? []).map { pair in
      (Int(pair[0]?.int64Value ?? 0), Int(pair[1]?.int64Value ?? 0))
    }
  }

  /// `{"classes": […], "photographs": [{"key", "label", "probabilities": […]}], "old": […]}`
  private func evaluation(_ value: JSONValue) -> OperationInput {
    let new = collected(value["photographs"], value["classes"])
    let old = value["old"].map { collected($0, value["classes"]) }
    return EvaluationDocument(
      new, comparison: old.map { EvaluationComparison(old: $0, new: new) }
    ).json
  }

  private func collected(_ photographs: JSONValue?, _ classes: JSONValue?) -> Evaluation {
    let names = (classes?.arrayValue ?? []).compactMap(\.stringValue)
    var collector = ObservationCollector()
    for photograph in photographs?.arrayValue ?? [] {
      let values = (photograph["probabilities"]?.arrayValue ?? []).compactMap(\.doubleValue)
      // As the function lists them: the highest first, equal ones in the model's order.
      let order = values.indices.sorted { (values[$1], $0) < (values[$0], $1) }
      collector.add(
        ClassifiedPhotograph(
          bucket: nil, key: nil, ranking: order.map { (names[$0], values[$0]) }),
        key: photograph["key"]?.stringValue ?? "", label: photograph["label"]?.stringValue)
    }
    return collector.evaluation(of: "m")
  }
}
