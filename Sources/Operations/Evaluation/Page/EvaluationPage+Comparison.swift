import Report

extension EvaluationPage {
  private static let maximumChanges = 500

  /// What changed since the older evaluation.
  func compared(_ comparison: EvaluationComparison) -> String {
    let test = comparison.test
    let tiles = [
      HTML.Tile(
        "Before", PageParts.percent(comparison.before), PageParts.range(comparison.before.interval)),
      HTML.Tile(
        "Now", PageParts.percent(comparison.after), PageParts.range(comparison.after.interval),
        comparison.verdict == .better ? .good : comparison.verdict == .worse ? .bad : .neutral),
      HTML.Tile(
        "Other class", PageParts.percent(comparison.flips),
        "\(comparison.changes.count) of \(PageParts.photographs(comparison.common))"),
      HTML.Tile(
        "McNemar's test", test.p < 0.001 ? "p < 0.001" : "p = \(Self.number(test.p))",
        "\(test.gained) gained, \(test.lost) lost, \(test.isExact ? "exact" : "corrected")"),
    ]
    let changes = comparison.changes.prefix(Self.maximumChanges)
    return HTML.paragraph("On the photographs of both, the new model is \(verdict(comparison)).")
      + HTML.tiles(tiles) + pictures(comparison)
      + (changes.isEmpty
        ? ""
        : HTML.details(
          changes.count < comparison.changes.count
            ? "The first \(changes.count) of \(comparison.changes.count) changed photographs"
            : "All \(changes.count) changed photographs",
          HTML.table(
            ["photograph", "label", "before", "now"],
            changes.map { .init([$0.key, $0.label ?? "-", $0.before, $0.after]) }, textColumns: 4)))
  }

  private func verdict(_ comparison: EvaluationComparison) -> String {
    switch comparison.verdict {
    case .better: "better"
    case .worse: "worse"
    case .undecided: "not significantly different"
    }
  }

  private func pictures(_ comparison: EvaluationComparison) -> String {
    let changes = comparison.changes.prefix(Self.maximumPictures)
    guard !changes.isEmpty else { return HTML.paragraph("No photograph has another class.") }
    return "\n"
      + Gallery(
        changes.map { change in
          Gallery.Picture(
            source: thumbnails[change.key], title: "\(change.before) → \(change.after)",
            lines: [Self.effect(change), change.label.map { "Label: \($0)" }, change.key]
              .compactMap { $0 })
        }
      ).html
  }

  private static func effect(_ change: EvaluationComparison.Change) -> String? {
    switch (change.isRightBefore, change.isRightAfter) {
    case (true?, false?): "Right before, wrong now"
    case (false?, true?): "Wrong before, right now"
    case (false?, false?): "Wrong before and now"
    default: nil
    }
  }
}
