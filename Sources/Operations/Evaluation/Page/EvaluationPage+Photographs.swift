import Report

extension EvaluationPage {
  var sure: [String] {
    evaluation.sureAndWrong.prefix(Self.maximumPictures).filter { $0.confidence != nil }.map(\.key)
  }

  /// A photograph of each of the most frequent confusions.
  var confused: [String] {
    let wrong = Dictionary(
      grouping: evaluation.sureAndWrong,
      by: { Confusion.Cell(truth: $0.truth ?? 0, predicted: $0.predicted) })
    return evaluation.confusion.mistakes.prefix(Self.maximumPictures)
      .compactMap { wrong[$0.cell]?.first?.key }
  }

  var unsure: [Observation] {
    Array(evaluation.leastSure.prefix(Self.maximumPictures))
  }

  var changed: [String] {
    (comparison?.changes ?? []).prefix(Self.maximumPictures).map(\.key)
  }

  private func card(_ observation: Observation) -> PhotographCard {
    PhotographCard(
      key: observation.key, predicted: evaluation.classes[observation.predicted],
      probability: observation.confidence,
      label: observation.truth.map { evaluation.classes[$0] },
      thumbnail: thumbnails[observation.key])
  }

  private func cards(_ keys: [String]) -> [PhotographCard] {
    let wanted = Set(keys)
    let found = Dictionary(
      evaluation.observations.filter { wanted.contains($0.key) }.map { ($0.key, $0) },
      uniquingKeysWith: { first, _ in first })
    return keys.compactMap { found[$0] }.map(card)
  }

  var wrong: String {
    HTML.paragraph(
      "The most probable predictions that are wrong. Some of these labels may be wrong, not the model."
    )
      + cards(sure).html
  }

  var worst: String {
    let counts = evaluation.confusion.mistakes.prefix(Self.maximumPictures)
    let most = counts.first.map { PageParts.photographs($0.count) } ?? ""
    return HTML.paragraph(
      "The most probable photograph of each of the most frequent confusions; the first has \(most)."
    )
      + cards(confused).html
  }

  var leastSure: String {
    HTML.paragraph("The photographs whose best class has the lowest probability.")
      + unsure.map(card).html
  }
}
