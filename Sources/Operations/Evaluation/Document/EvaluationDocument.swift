import AWSControl
import Foundation
import JSON

/// An evaluation as JSON: the result of `evaluate --output json`, and what `--compare` reads.
package struct EvaluationDocument {
  package static let format = 1

  let evaluation: Evaluation
  let comparison: EvaluationComparison?
  let cost: ThousandCost?

  package init(
    _ evaluation: Evaluation, comparison: EvaluationComparison? = nil, cost: ThousandCost? = nil
  ) {
    (self.evaluation, self.comparison, self.cost) = (evaluation, comparison, cost)
  }

  package var json: OperationInput {
    let scores = evaluation.scores
    let undefined = scores.undefined
    let undefinedJSON: OperationInput = [
      "precision": undefined.precision, "recall": undefined.recall,
    ]
    return [
      "format": Self.format, "model": evaluation.model,
      "top1": Self.json(evaluation.top1), "top5": evaluation.top5.map(Self.json),
      "macro": scores.macro.map(Self.json), "weighted": scores.weighted.map(Self.json),
      "undefinedClasses": undefinedJSON, "logLoss": evaluation.logLoss,
      "expectedCalibrationError": evaluation.calibration.expectedError,
      "endpointMilliseconds": evaluation.endpointMilliseconds.map(Self.json),
      "functionMilliseconds": evaluation.functionMilliseconds.map(Self.json),
      "dollarsPerThousand": cost.map(Self.json), "comparison": comparison.map(Self.json),
      "classes": scores.rows.map(classJSON),
      "confusion": evaluation.confusion.cells.map { cell, count -> OperationInput in
        [
          "label": evaluation.classes[cell.truth], "class": evaluation.classes[cell.predicted],
          "count": count,
        ]
      },
      "calibration": evaluation.calibration.bins.map(Self.json),
      "coverage": evaluation.coverage.points.map(Self.json),
      "unmatchedLabels": evaluation.unmatched.map { one -> OperationInput in
        ["label": one.label, "count": one.count, "example": one.example]
      },
      "failed": evaluation.failures.map(Self.json), "skipped": evaluation.skipped.map(Self.json),
      "photographs": evaluation.observations.map(photographJSON),
    ]
  }

  private func photographJSON(_ observation: Observation) -> OperationInput {
    [
      "key": observation.key, "label": observation.label,
      "labelClass": observation.truth.map { evaluation.classes[$0] },
      "class": evaluation.classes[observation.predicted], "probability": observation.confidence,
      "labelProbability": observation.truthProbability, "labelRank": observation.truthRank,
      "endpointMilliseconds": observation.endpointMilliseconds,
      "functionMilliseconds": observation.functionMilliseconds,
    ]
  }

  private func classJSON(_ row: ClassScores.Row) -> OperationInput {
    [
      "class": evaluation.classes[row.index], "labeled": row.support, "predicted": row.predicted,
      "right": row.right, "precision": row.precision, "recall": row.recall, "f1": row.f1,
    ]
  }

  private static func json(_ one: Proportion) -> OperationInput {
    [
      "value": one.value, "count": one.count, "total": one.total,
      "interval": one.interval.map { [$0.lowerBound, $0.upperBound] },
    ]
  }

  private static func json(_ means: ClassScores.Means) -> OperationInput {
    ["precision": means.precision, "recall": means.recall, "f1": means.f1]
  }

  private static func json(_ quantiles: Quantiles) -> OperationInput {
    [
      "p50": quantiles.p50, "p90": quantiles.p90, "p99": quantiles.p99,
      "maximum": quantiles.maximum, "mean": quantiles.mean,
    ]
  }

  private static func json(_ bin: Calibration.Bin) -> OperationInput {
    [
      "above": bin.lower, "upTo": bin.upper, "count": bin.count, "probability": bin.confidence,
      "accuracy": bin.accuracy,
    ]
  }

  private static func json(_ point: Coverage.Point) -> OperationInput {
    [
      "atLeast": point.threshold, "accepted": json(point.accepted), "right": json(point.right),
    ]
  }

  private static func json(_ failure: Evaluation.Failure) -> OperationInput {
    ["key": failure.key, "label": failure.label, "reason": failure.reason]
  }

  private static func json(_ cost: ThousandCost) -> OperationInput {
    ["function": cost.function, "endpoint": cost.endpoint]
  }

  private static func json(_ comparison: EvaluationComparison) -> OperationInput {
    let test: OperationInput = [
      "gained": comparison.test.gained, "lost": comparison.test.lost, "p": comparison.test.p,
      "method": comparison.test.isExact ? "exact" : "continuity-corrected",
    ]
    return [
      "model": comparison.oldModel, "verdict": comparison.verdict.rawValue,
      "photographs": comparison.common, "onlyBefore": comparison.onlyOld,
      "onlyNow": comparison.onlyNew, "before": json(comparison.before),
      "now": json(comparison.after), "mcnemar": test, "flips": json(comparison.flips),
      "changes": comparison.changes.map { change -> OperationInput in
        [
          "key": change.key, "label": change.label, "before": change.before, "now": change.after,
          "wasRight": change.isRightBefore, "isRight": change.isRightAfter,
        ]
      },
    ]
  }
}

extension Evaluation {
  /// Reads the result of an earlier `evaluate --output json`, as far as a comparison needs it.
  ///
  /// - Throws: `Refusal` for any other file.
  package init(document bytes: [UInt8], path: String) throws(Refusal) {
    let document: JSONValue
    do { document = try JSONValue(parsing: bytes) } catch {
      throw Refusal("\(path) is not JSON: \(error)", advice: Self.documentAdvice)
    }
    guard document["format"]?.int64Value == Int64(EvaluationDocument.format),
      let model = document["model"]?.stringValue,
      let photographs = document["photographs"]?.arrayValue
    else { throw Refusal("\(path) is not an evaluation", advice: Self.documentAdvice) }
    var table = ClassTable()
    var observations: [Observation] = []
    for photograph in photographs {
      guard let key = photograph["key"]?.stringValue, let name = photograph["class"]?.stringValue
      else {
        throw Refusal(
          "\(path) has a photograph without key or class", advice: Self.documentAdvice)
      }
      observations.append(
        Observation(
          key: key, label: photograph["label"]?.stringValue,
          truth: photograph["labelClass"]?.stringValue.map { table.index(of: $0) },
          predicted: table.index(of: name), confidence: photograph["probability"]?.doubleValue,
          truthProbability: photograph["labelProbability"]?.doubleValue,
          truthRank: photograph["labelRank"]?.int64Value.map(Int.init), listed: 0,
          endpointMilliseconds: photograph["endpointMilliseconds"]?.doubleValue,
          functionMilliseconds: photograph["functionMilliseconds"]?.doubleValue))
    }
    self.init(model: model, classes: table.names, observations: observations)
  }

  private static let documentAdvice =
    "Write it with: inferencectl evaluate … --output json > old.json"
}
