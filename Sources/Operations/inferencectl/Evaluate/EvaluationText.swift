import Evaluation
import Foundation

/// An evaluation for a terminal.
struct EvaluationText {
  private static let maximumRows = 10

  let evaluation: Evaluation
  let comparison: EvaluationComparison?
  let cost: ThousandCost?

  init(_ evaluation: Evaluation, _ comparison: EvaluationComparison?, _ cost: ThousandCost?) {
    (self.evaluation, self.comparison, self.cost) = (evaluation, comparison, cost)
  }

  var text: String {
    ([header, figures.text]
      + [confusions, worstClasses, compared, unmatched, failed]
      .compactMap { $0 }).joined(separator: "\n\n")
  }

  private var header: String {
    let judged = evaluation.top1.total
    let all = evaluation.observations.count
    return "The \(evaluation.model) classified \(all) photograph\(all == 1 ? "" : "s"); "
      + (judged == all
        ? "all have a label that is a class" : "\(judged) have a label that is a class")
  }

  private var figures: Table {
    var table = Table("figure", "value", "95 % interval")
    table.add("top 1", Self.percent(evaluation.top1.value), Self.range(evaluation.top1))
    if let top5 = evaluation.top5 {
      table.add("top 5", Self.percent(top5.value), Self.range(top5))
    }
    let scores = evaluation.scores
    for (name, means) in [("macro", scores.macro), ("weighted", scores.weighted)] {
      guard let means else { continue }
      table.add("\(name) precision", Self.percent(means.precision), "")
      table.add("\(name) recall", Self.percent(means.recall), "")
      table.add("\(name) F1", Self.percent(means.f1), "")
    }
    if let loss = evaluation.logLoss { table.add("log loss", Text.number(loss), "") }
    if let error = evaluation.calibration.expectedError {
      table.add("calibration error", Self.percent(error), "")
    }
    if let times = evaluation.endpointMilliseconds { table.add("endpoint", Self.times(times), "") }
    if let times = evaluation.functionMilliseconds { table.add("function", Self.times(times), "") }
    if let cost {
      table.add("function, 1,000 photographs", Text.dollars(cost.function), "")
      if let endpoint = cost.endpoint {
        table.add("instance, 1,000 photographs", Text.dollars(endpoint), "")
      }
    }
    return table
  }

  private var confusions: String? {
    let mistakes = evaluation.confusion.mistakes.prefix(Self.maximumRows)
    guard !mistakes.isEmpty else { return nil }
    var table = Table("label", "classified as", "photographs")
    for (cell, count) in mistakes {
      table.add(evaluation.classes[cell.truth], evaluation.classes[cell.predicted], "\(count)")
    }
    return table.text
  }

  private var worstClasses: String? {
    let rows = evaluation.scores.rows.filter { $0.support > 0 && $0.f1 < 1 }
      .sorted {
        ($0.f1, evaluation.classes[$0.index]) < ($1.f1, evaluation.classes[$1.index])
      }.prefix(Self.maximumRows)
    guard !rows.isEmpty else { return nil }
    var table = Table("class", "precision", "recall", "F1", "labeled")
    for row in rows {
      table.add(
        evaluation.classes[row.index], Self.percent(row.precision), Self.percent(row.recall),
        Self.percent(row.f1), "\(row.support)")
    }
    return table.text
  }

  private var compared: String? {
    guard let comparison else { return nil }
    let test = comparison.test
    var lines = [
      "Compared with the \(comparison.oldModel), on \(comparison.common) photographs of both: "
        + "\(comparison.verdict.rawValue)",
      "  correct: \(Self.percent(comparison.before.value)) before, \(Self.percent(comparison.after.value)) now",
      "  McNemar's test (\(test.isExact ? "exact" : "continuity-corrected")): p = \(Text.number(test.p)); "
        + "\(test.gained) gained, \(test.lost) lost",
      "  another class: \(Self.share(comparison.flips))",
    ]
    if comparison.onlyOld + comparison.onlyNew > 0 {
      lines.append("  not in both: \(comparison.onlyOld) before, \(comparison.onlyNew) now")
    }
    guard !comparison.changes.isEmpty else { return lines.joined(separator: "\n") }
    var table = Table("photograph", "label", "before", "now")
    for change in comparison.changes.prefix(Self.maximumRows) {
      table.add(change.key, change.label ?? "", change.before, change.after)
    }
    let rest = comparison.changes.count - Self.maximumRows
    return lines.joined(separator: "\n") + "\n\n" + table.text
      + (rest > 0 ? "\nand \(rest) more (--output json lists all)" : "")
  }

  private var unmatched: String? {
    let unmatched = evaluation.unmatched
    guard !unmatched.isEmpty else { return nil }
    var table = Table("label without a class", "photographs", "for example")
    for one in unmatched.prefix(Self.maximumRows) {
      table.add(one.label, "\(one.count)", one.example)
    }
    let rest = unmatched.count - Self.maximumRows
    return table.text + (rest > 0 ? "\nand \(rest) more" : "")
  }

  private var failed: String? {
    guard !evaluation.failures.isEmpty else { return nil }
    var table = Table("failed photograph", "reason")
    for failure in evaluation.failures.prefix(Self.maximumRows) {
      table.add(failure.key, failure.reason)
    }
    let rest = evaluation.failures.count - Self.maximumRows
    return table.text + (rest > 0 ? "\nand \(rest) more" : "")
  }

  // MARK: Words

  /// `18 of 20 (90.0 %)`
  static func share(_ one: Proportion) -> String {
    "\(one.count) of \(one.total) photographs (\(percent(one.value)))"
  }

  private static func percent(_ value: Double?) -> String {
    value.map { String(format: "%.1f %%", 100 * $0) } ?? ""
  }

  private static func range(_ one: Proportion) -> String {
    one.interval.map {
      String(format: "%.1f %% to %.1f %%", 100 * $0.lowerBound, 100 * $0.upperBound)
    } ?? ""
  }

  private static func times(_ one: Quantiles) -> String {
    String(format: "p50 %.0f ms, p90 %.0f ms, p99 %.0f ms", one.p50, one.p90, one.p99)
  }
}
