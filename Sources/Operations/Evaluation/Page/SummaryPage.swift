import Report

/// What kept results say, without labels: a page over plain values, for `results summary --report`.
package struct SummaryPage: Sendable {
  package struct Latency: Sendable {
    package var name: String
    package var p50: Double
    package var p90: Double
    package var p99: Double
    package var maximum: Double

    /// Milliseconds.
    package init(name: String, p50: Double, p90: Double, p99: Double, maximum: Double) {
      (self.name, self.p50, self.p90) = (name, p50, p90)
      (self.p99, self.maximum) = (p99, maximum)
    }
  }

  /// For example `s3://my-dog-results/results/`.
  package var source: String
  package var total: Int
  package var classes: [(name: String, count: Int, meanProbability: Double?)] = []
  /// Photographs by the probability of the class ranked first, in bins of the same width; those without are in none.
  package var histogram: [Int] = []
  /// `2026-11-26`, in order.
  package var days: [(day: String, count: Int)] = []
  /// How many are below a probability.
  package var threshold: (probability: Double, below: Int)?
  package var latencies: [Latency] = []
  package var leastSure: [PhotographCard] = []
  /// A sentence each.
  package var notes: [String] = []

  package init(source: String, total: Int) { (self.source, self.total) = (source, total) }

  package var html: String {
    var page = Page(
      title: "Results: \(source)", kicker: "Results of \(source)",
      headline: "\(PageParts.photographs(total)) classified, \(classes.count) classes")
    page.sections.append(HTML.tiles(tiles) + HTML.list(notes))
    page.add("Classes", PageParts.classes(classes, total: total))
    var plots: [String] = []
    if histogram.contains(where: { $0 > 0 }) { plots.append(probabilities) }
    if days.count > 1 { plots.append(perDay) }
    if !plots.isEmpty { page.add("Probabilities and days", HTML.grid(plots)) }
    if !leastSure.isEmpty {
      page.add(
        "Least sure",
        HTML.paragraph("The photographs whose best class has the lowest probability.")
          + leastSure.html)
    }
    if !latencies.isEmpty {
      page.add(
        "Latency",
        PageParts.latencies(latencies.map { ($0.name, $0.p50, $0.p90, $0.p99, $0.maximum) }))
    }
    return page.html
  }

  private var tiles: [HTML.Tile] {
    var tiles = [HTML.Tile("Photographs", NumberText.count(total), "with a stored result")]
    if let most = classes.max(by: { ($0.count, $1.name) < ($1.count, $0.name) }) {
      tiles.append(
        .init(
          "Most frequent", PageParts.percent(Proportion(most.count, of: total)), most.name))
    }
    if let threshold {
      tiles.append(
        .init(
          "Unsure", PageParts.percent(Proportion(threshold.below, of: total)),
          "\(PageParts.photographs(threshold.below)) below \(NumberText.percent(threshold.probability))"
        ))
    }
    if let latency = latencies.first {
      tiles.append(
        .init(
          "p99 \(latency.name)", PageParts.milliseconds(latency.p99),
          "p50 \(PageParts.milliseconds(latency.p50))"))
    }
    return tiles
  }

  private var probabilities: String {
    let width = 100 / Double(histogram.count)
    return LinePlot(
      title: "Probability of the class ranked first",
      explanation: "Photographs in each bin of \(NumberText.amount(width)) %.",
      series: [
        .init(
          "photographs", color: 1, style: .area, isStepped: true,
          values: histogram.map { Double($0) })
      ], isWhole: true, format: NumberText.amount
    ).html(
      (0...histogram.count).map { Double($0) * width },
      .numbers(0...100) { "\(NumberText.amount($0)) %" })
  }

  private var perDay: String {
    let last = Double(days.count)
    return LinePlot(
      title: "Results per day",
      explanation: "From \(days.first?.day ?? "") to \(days.last?.day ?? "").",
      series: [
        .init(
          "photographs", color: 3, style: .area, isStepped: true,
          values: days.map { Double($0.count) })
      ], isWhole: true, format: NumberText.amount
    ).html(
      (0...days.count).map(Double.init),
      .numbers(0...last) { position in
        // A tick between two days would repeat the first one's name.
        guard let index = Int(exactly: position), days.indices.contains(index) else { return "" }
        return days[index].day
      })
  }
}
