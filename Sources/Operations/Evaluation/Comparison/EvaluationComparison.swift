/// An evaluation beside an older one of the same photographs.
package struct EvaluationComparison: Sendable, Equatable {
  /// A photograph whose class is another one now.
  package struct Change: Sendable, Equatable {
    package let key: String
    /// As given.
    package let label: String?
    package let before: String
    package let after: String
    package let isRightBefore: Bool?
    package let isRightAfter: Bool?
  }

  package enum Verdict: String, Sendable {
    case better, worse
    case undecided = "not significantly different"
  }

  /// Below it, a difference is called significant.
  package static let significance = 0.05

  package let oldModel: String
  /// Photographs of both.
  package let common: Int
  package let onlyOld: Int
  package let onlyNew: Int
  /// Accuracy on the photographs that both are judged on; a failure of the new model is wrong.
  package let before: Proportion
  package let after: Proportion
  package let test: McNemar
  /// Those with a loss first, then the gains, then the others.
  package let changes: [Change]

  /// Photographs are the same if their keys are.
  package init(old: Evaluation, new: Evaluation) {
    oldModel = old.model
    let earlier = Dictionary(
      old.observations.map { ($0.key, $0) }, uniquingKeysWith: { first, _ in first })
    var (pairs, rightBefore, rightAfter, lost, gained, judged) = (0, 0, 0, 0, 0, 0)
    var changes: [Change] = []
    for observation in new.observations {
      guard let other = earlier[observation.key] else { continue }
      pairs += 1
      let (before, after) = (old.classes[other.predicted], new.classes[observation.predicted])
      let (wasRight, isRight) = (other.isRight, observation.isRight)
      if before != after {
        changes.append(
          Change(
            key: observation.key, label: observation.label ?? other.label, before: before,
            after: after, isRightBefore: wasRight, isRightAfter: isRight))
      }
      guard let wasRight, let isRight else { continue }
      judged += 1
      rightBefore += wasRight ? 1 : 0
      rightAfter += isRight ? 1 : 0
      lost += wasRight && !isRight ? 1 : 0
      gained += !wasRight && isRight ? 1 : 0
    }
    // A labeled photograph that the new model does not answer counts as wrong, as in `Evaluation.gate`.
    for failure in new.failures {
      guard let wasRight = earlier[failure.key]?.isRight else { continue }
      judged += 1
      rightBefore += wasRight ? 1 : 0
      lost += wasRight ? 1 : 0
    }
    (common, onlyOld, onlyNew) =
      (pairs, old.observations.count - pairs, new.observations.count - pairs)
    (before, after) = (Proportion(rightBefore, of: judged), Proportion(rightAfter, of: judged))
    test = McNemar(lost: lost, gained: gained)
    self.changes = changes.enumerated()
      .sorted { (Self.order($0.element), $0.offset) < (Self.order($1.element), $1.offset) }
      .map(\.element)
  }

  private static func order(_ change: Change) -> Int {
    switch (change.isRightBefore, change.isRightAfter) {
    case (true, false): 0
    case (false, true): 1
    default: 2
    }
  }

  /// Photographs whose class changed, of those that both have.
  package var flips: Proportion { Proportion(changes.count, of: common) }

  package var verdict: Verdict {
    guard test.p < Self.significance else { return .undecided }
    return test.gained > test.lost ? .better : .worse
  }
}
