import Foundation

/// Every figure of an evaluation, from what was observed.
package struct Evaluation: Sendable {
  /// A photograph that has no prediction, with the reason.
  package struct Failure: Sendable, Equatable {
    package let key: String
    package let label: String?
    package let reason: String

    package init(key: String, label: String?, reason: String) {
      (self.key, self.label, self.reason) = (key, label, reason)
    }
  }

  package struct UnmatchedLabel: Sendable, Equatable {
    package let label: String
    package let count: Int
    /// A photograph with it.
    package let example: String
  }

  /// What was evaluated, for example `endpoint dog-breeds`.
  package let model: String
  /// The names of the classes.
  package let classes: [String]
  /// All that have a prediction, by key.
  package let observations: [Observation]
  /// Requests that failed: the model did not answer.
  package let failures: [Failure]
  /// Files that were not sent, because they are not images.
  package let skipped: [Failure]

  package let confusion: Confusion
  package let scores: ClassScores
  package let calibration: Calibration
  package let coverage: Coverage

  package init(
    model: String, classes: [String], observations: [Observation], failures: [Failure] = [],
    skipped: [Failure] = []
  ) {
    self.model = model
    self.classes = classes
    self.observations = observations.sorted { $0.key < $1.key }
    self.failures = failures
    self.skipped = skipped
    confusion = Confusion(observations)
    scores = ClassScores(confusion)
    calibration = Calibration(observations)
    coverage = Coverage(observations)
  }

  /// Those whose label is a class: the figures are of these.
  package var judged: [Observation] { observations.filter { $0.truth != nil } }

  /// The class ranked first is the label's.
  package var top1: Proportion {
    let judged = judged
    return Proportion(judged.filter { $0.isRight == true }.count, of: judged.count)
  }

  /// The label's class is among the first five; nil where an answer lists fewer of more classes.
  package var top5: Proportion? {
    let judged = judged
    guard judged.allSatisfy({ $0.listed >= min(5, classes.count) }), classes.count > 5
    else { return nil }
    return Proportion(judged.filter { ($0.truthRank ?? .max) <= 5 }.count, of: judged.count)
  }

  /// As top-1, where a labeled photograph that the model did not answer counts as wrong: a model that fails must not
  /// pass.
  package var gate: Proportion {
    let top1 = top1
    return Proportion(top1.count, of: top1.total + failures.filter { $0.label != nil }.count)
  }

  /// Mean of −ln(probability of the label's class); nil where an answer does not list it, or of none. Probabilities are
  /// clipped to a double's epsilon, as scikit-learn does.
  package var logLoss: Double? {
    var sum = 0.0
    let judged = judged
    for observation in judged {
      guard let probability = observation.truthProbability else { return nil }
      let epsilon = Double.ulpOfOne
      sum -= log(min(1 - epsilon, max(epsilon, probability)))
    }
    return judged.isEmpty ? nil : sum / Double(judged.count)
  }

  /// Labels that no class matches, the most frequent first.
  package var unmatched: [UnmatchedLabel] {
    let others = observations.filter { $0.truth == nil && $0.label != nil }
    return Dictionary(grouping: others) { $0.label ?? "" }
      .map { UnmatchedLabel(label: $0.key, count: $0.value.count, example: $0.value[0].key) }
      .sorted { ($1.count, $0.label) < ($0.count, $1.label) }
  }

  /// Photographs without a label.
  package var unlabeledCount: Int { observations.filter { $0.label == nil }.count }

  package var endpointMilliseconds: Quantiles? {
    Quantiles(observations.compactMap(\.endpointMilliseconds))
  }

  package var functionMilliseconds: Quantiles? {
    Quantiles(observations.compactMap(\.functionMilliseconds))
  }

  // MARK: Photographs to look at

  /// Wrong ones, the most probable prediction first: mistakes of the model, and of the labels.
  package var sureAndWrong: [Observation] {
    observations.filter { $0.isRight == false }
      .sorted { ($1.confidence ?? 0, $0.key) < ($0.confidence ?? 0, $1.key) }
  }

  /// The lowest probability first.
  package var leastSure: [Observation] {
    observations.filter { $0.confidence != nil }
      .sorted { ($0.confidence ?? 0, $0.key) < ($1.confidence ?? 0, $1.key) }
  }
}
