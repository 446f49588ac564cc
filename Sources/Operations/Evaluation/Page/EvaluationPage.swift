import Report

/// An evaluation as a page: what the model can do, where it fails, and whether its probabilities mean something.
package struct EvaluationPage {
  /// Photographs of each section: more make the page too large to send.
  package static let maximumPictures = 12

  let evaluation: Evaluation
  let comparison: EvaluationComparison?
  let cost: ThousandCost?
  /// `data:` addresses by key.
  let thumbnails: [String: String]

  package init(
    _ evaluation: Evaluation, comparison: EvaluationComparison? = nil, cost: ThousandCost? = nil,
    thumbnails: [String: String] = [:]
  ) {
    (self.evaluation, self.comparison, self.cost) = (evaluation, comparison, cost)
    self.thumbnails = thumbnails
  }

  /// The photographs that the page shows, each once.
  package static func pictured(
    _ evaluation: Evaluation, _ comparison: EvaluationComparison?
  ) -> [String] {
    let page = EvaluationPage(evaluation, comparison: comparison)
    var seen = Set<String>()
    return (page.sure + page.confused + page.unsure.map(\.key) + page.changed)
      .filter { seen.insert($0).inserted }
  }

  package var html: String {
    var page = Page(
      title: "Evaluation: \(evaluation.model)", kicker: "Evaluation of \(evaluation.model)",
      headline: headline)
    page.sections.append(HTML.tiles(tiles) + HTML.list(remarks))
    if let comparison { page.add("Compared with \(comparison.oldModel)", compared(comparison)) }
    if evaluation.top1.total > 0 {
      if !sure.isEmpty { page.add("Sure and wrong", wrong) }
      page.add("Confusion matrix", confusion)
      if !confused.isEmpty { page.add("Worst confusions", worst) }
    }
    if !unsure.isEmpty { page.add("Least sure", leastSure) }
    if evaluation.calibration.total > 0 { page.add("Probabilities", probabilities) }
    if evaluation.top1.total > 0 { page.add("Classes", classes) }
    page.add("Time and cost", timeAndCost)
    let lists = self.lists
    if !lists.isEmpty { page.add("Not judged", lists) }
    return page.html
  }

  private var headline: String {
    let top1 = evaluation.top1
    guard top1.total > 0 else {
      return "\(PageParts.photographs(evaluation.observations.count)) classified; none has a label "
        + "that is a class, so nothing is known of their accuracy"
    }
    return "\(PageParts.percent(top1)) of \(PageParts.photographs(top1.total)) are classified "
      + "correctly (95 % interval: \(PageParts.range(top1.interval)))"
  }

  private var tiles: [HTML.Tile] {
    var tiles: [HTML.Tile] = []
    let top1 = evaluation.top1
    if top1.total > 0 {
      tiles.append(.init("Top 1", PageParts.percent(top1), PageParts.range(top1.interval)))
    }
    if let top5 = evaluation.top5, top5.total > 0 {
      tiles.append(.init("Top 5", PageParts.percent(top5), PageParts.range(top5.interval)))
    }
    if let macro = evaluation.scores.macro {
      tiles.append(
        .init(
          "Macro F1", NumberText.percent(macro.f1),
          "mean of \(evaluation.scores.rows.count) classes"
        ))
    }
    if let error = evaluation.calibration.expectedError {
      tiles.append(
        .init(
          "Calibration error", NumberText.percent(error),
          evaluation.logLoss.map { "log loss \(Self.number($0))" } ?? "expected, of 15 bins"))
    }
    if let latency = evaluation.endpointMilliseconds {
      tiles.append(
        .init(
          "p99 endpoint", PageParts.milliseconds(latency.p99),
          "p50 \(PageParts.milliseconds(latency.p50))"))
    }
    if !evaluation.failures.isEmpty {
      tiles.append(
        .init(
          "Failed", NumberText.count(evaluation.failures.count), "without an answer", .bad))
    }
    return tiles
  }

  private var remarks: [String] {
    var remarks: [String] = []
    let unmatched = evaluation.unmatched
    if !unmatched.isEmpty {
      let count = unmatched.reduce(0) { $0 + $1.count }
      remarks.append(
        "\(PageParts.photographs(count)) with a label that is not a class of the model: listed at the end, "
          + "and not counted as wrong.")
    }
    if evaluation.unlabeledCount > 0 {
      remarks.append("\(PageParts.photographs(evaluation.unlabeledCount)) without a label.")
    }
    if evaluation.top1.total > 0, evaluation.top1.total < 100 {
      remarks.append("Of few photographs the intervals are wide.")
    }
    return remarks
  }

  private var timeAndCost: String {
    let times = [
      ("endpoint", evaluation.endpointMilliseconds), ("function", evaluation.functionMilliseconds),
    ].compactMap { name, quantiles in
      quantiles.map { (name, $0.p50, $0.p90, $0.p99, $0.maximum) }
    }
    var html = times.isEmpty ? HTML.paragraph("No times are known.") : PageParts.latencies(times)
    guard let cost else { return html }
    html += HTML.definitions(
      [("function, per 1,000 photographs", Self.dollars(cost.function))]
        + (cost.endpoint.map {
          [("instance, per 1,000 photographs one after the other", Self.dollars($0))]
        } ?? []))
    return html
  }

  private var lists: String {
    var html = ""
    let unmatched = evaluation.unmatched
    if !unmatched.isEmpty {
      html +=
        HTML.paragraph("Labels that are not classes of the model:")
        + HTML.table(
          ["label", "for example", "photographs"],
          unmatched.map { .init([$0.label, $0.example, "\($0.count)"]) }, textColumns: 2)
    }
    for (name, failures) in [
      ("Failed", evaluation.failures), ("Not sent", evaluation.skipped),
    ] where !failures.isEmpty {
      let grouped = Dictionary(grouping: failures, by: \.reason)
        .sorted { ($1.value.count, $0.key) < ($0.value.count, $1.key) }
      html +=
        HTML.paragraph("\(name):")
        + PageParts.reasons(
          grouped.prefix(20).map { ($0.key, $0.value.count, $0.value.prefix(20).map(\.key)) })
    }
    return html
  }

  static func number(_ value: Double) -> String {
    "\((value * 1000).rounded() / 1000)"
  }

  static func dollars(_ value: Double) -> String {
    value < 0.1 ? "$\((value * 100_000).rounded() / 100_000)" : NumberText.dollars(value)
  }
}
