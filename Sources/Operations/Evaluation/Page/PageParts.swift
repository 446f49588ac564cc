import Report

/// Pieces that the pages of this module share.
enum PageParts {
  static func range(_ interval: ClosedRange<Double>?) -> String {
    interval.map {
      "\(NumberText.percent($0.lowerBound)) to \(NumberText.percent($0.upperBound))"
    } ?? "-"
  }

  static func percent(_ share: Proportion?) -> String {
    share?.value.map(NumberText.percent) ?? "-"
  }

  static func milliseconds(_ value: Double) -> String {
    value < 10
      ? "\((value * 10).rounded() / 10) ms"
      : "\(NumberText.count(Int(min(value, 1e15).rounded()))) ms"
  }

  static func photographs(_ count: Int) -> String {
    "\(NumberText.count(count)) photograph\(count == 1 ? "" : "s")"
  }

  static func latencies(
    _ rows: [(name: String, p50: Double, p90: Double, p99: Double, maximum: Double)]
  ) -> String {
    HTML.table(
      ["", "p50", "p90", "p99", "slowest"],
      rows.map { row in
        .init(
          [row.name] + [row.p50, row.p90, row.p99, row.maximum].map(milliseconds))
      })
  }

  /// Reasons with their number and examples, a list each on demand.
  static func reasons(_ rows: [(reason: String, count: Int, examples: [String])]) -> String {
    HTML.table(
      ["reason", "photographs"],
      rows.map { .init([$0.reason, NumberText.count($0.count)]) })
      + rows.filter { !$0.examples.isEmpty }.map {
        HTML.details("Examples: \($0.reason)", HTML.list($0.examples))
      }.joined(separator: "\n")
  }

  /// Classes by their number, the most frequent first; those that are many on demand.
  static func classes(
    _ rows: [(name: String, count: Int, meanProbability: Double?)], total: Int
  ) -> String {
    let maximumBars = 20
    let sorted = rows.sorted { ($1.count, $0.name) < ($0.count, $1.name) }
    let bars = BarPlot(
      title: "Photographs by class",
      explanation: sorted.count > maximumBars
        ? "The \(maximumBars) most frequent of \(sorted.count) classes."
        : "By the class ranked first.",
      bars: sorted.prefix(maximumBars).map { (short($0.name), Double($0.count), 1) },
      format: { NumberText.count(Int($0)) }
    ).html
    let table = HTML.table(
      ["class", "photographs", "share", "mean probability"],
      sorted.map { row in
        .init([
          row.name, NumberText.count(row.count), percent(Proportion(row.count, of: total)),
          row.meanProbability.map(NumberText.percent) ?? "-",
        ])
      })
    return sorted.isEmpty
      ? HTML.paragraph("There are none.")
      : bars + HTML.details("All \(sorted.count) classes as a table", table)
  }

  private static func short(_ name: String) -> String {
    name.count <= 22 ? name : "\(name.prefix(21))…"
  }
}
