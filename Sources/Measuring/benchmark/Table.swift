/// The results as a person reads them: a row a measure, a column a contender.
struct Table {
  private let results: Results

  init(_ results: Results) { self.results = results }

  /// As Markdown, with the machine and the targets.
  var markdown: String {
    let rows = rows.map { "| " + $0.joined(separator: " | ") + " |" }
    let separator = "| --- |" + String(repeating: " ---: |", count: header.count - 1)
    let targets = Target.all(of: results).map { "- \($0.line)" }
    return """
      \(results.date), \(results.machine.line). Minimum / median of
      rounds that took turns; in parentheses the ratio of the medians.

      | \(header.joined(separator: " | ")) |
      \(separator)
      \(rows.joined(separator: "\n"))

      Targets:

      \(targets.joined(separator: "\n"))

      """
  }

  /// In columns.
  var text: String {
    let all = [header] + rows
    let widths = header.indices.map { column in all.map { $0[column].count }.max() ?? 0 }
    let lines = all.map { row in
      zip(row, widths).enumerated().map { index, cell in
        let padding = String(repeating: " ", count: cell.1 - cell.0.count)
        return index == 0 ? cell.0 + padding : padding + cell.0
      }.joined(separator: "  ")
    }
    let targets = Target.all(of: results)
    let held = targets.filter(\.isHeld).count
    return """
      \(results.date), \(results.machine.line)

      \(lines.joined(separator: "\n"))

      \(targets.map(\.line).joined(separator: "\n"))
      \(held) targets held, \(targets.count - held) missed

      """
  }

  private var others: [String] { results.contenders.filter { $0 != Contender.function } }

  private var header: [String] { ["", Contender.function] + others }

  /// Each other contender's value with how much of it the function needs.
  private var rows: [[String]] {
    let ratios = results.ratios
    return Measure.allCases.compactMap { measure in
      guard let ours = results.spread(measure, Contender.function) else { return nil }
      let cells = others.map { contender in
        guard let theirs = results.spread(measure, contender),
          let ratio = ratios.first(where: { $0.measure == measure && $0.contender == contender })
        else { return "" }
        return "\(Format.spread(theirs, measure.unit)) (\(Format.ratio(ratio.value)))"
      }
      return [measure.title, Format.spread(ours, measure.unit)] + cells
    }
  }
}
