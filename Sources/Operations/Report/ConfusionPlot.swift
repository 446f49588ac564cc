/// Which classes are taken for which others: the classes with the most mistakes, and a table of the pairs.
///
/// Of 133 classes most cells are empty or on the diagonal: those that take part in mistakes are shown, the worst first.
package struct ConfusionPlot {
  package struct Cell: Sendable {
    /// Indices of the classes.
    package let truth: Int
    package let predicted: Int
    package let count: Int

    package init(truth: Int, predicted: Int, count: Int) {
      (self.truth, self.predicted, self.count) = (truth, predicted, count)
    }
  }

  /// More rows are not legible.
  private static let maximumClasses = 24
  private static let maximumPairs = 12
  private static let maximumListed = 1000

  let classes: [String]
  let cells: [Cell]

  /// - Parameter cells: those that are not empty; each pair of classes once.
  package init(classes: [String], cells: [Cell]) {
    self.classes = classes
    self.cells = cells.filter { $0.count > 0 }
  }

  private var mistakes: [Cell] {
    cells.filter { $0.truth != $0.predicted }.sorted {
      ($1.count, classes[$0.truth], classes[$0.predicted])
        < ($0.count, classes[$1.truth], classes[$1.predicted])
    }
  }

  package var html: String {
    let mistakes = mistakes
    guard !mistakes.isEmpty else { return matrix(mistakes) }
    let pairs = table(Array(mistakes.prefix(Self.maximumPairs)))
    guard mistakes.count > Self.maximumPairs else { return matrix(mistakes) + pairs }
    let listed = mistakes.prefix(Self.maximumListed)
    let summary =
      listed.count < mistakes.count
      ? "The \(listed.count) most frequent of \(mistakes.count) confusions"
      : "All \(mistakes.count) confusions"
    return matrix(mistakes) + pairs + HTML.details(summary, table(Array(listed)))
  }

  private func matrix(_ mistakes: [Cell]) -> String {
    var errors = [Int](repeating: 0, count: classes.count)
    for mistake in mistakes {
      errors[mistake.truth] += mistake.count
      errors[mistake.predicted] += mistake.count
    }
    let present = Set(cells.flatMap { [$0.truth, $0.predicted] })
    let order = present.sorted { (errors[$1], classes[$0]) < (errors[$0], classes[$1]) }
    let shown = Array(order.prefix(Self.maximumClasses))
    let places = Dictionary(uniqueKeysWithValues: shown.enumerated().map { ($1, $0) })
    var values = [[Double?]](
      repeating: [Double?](repeating: nil, count: shown.count), count: shown.count)
    for cell in cells {
      guard let row = places[cell.truth], let column = places[cell.predicted] else { continue }
      values[row][column] = Double(cell.count)
    }
    let selection =
      shown.count < classes.count
      ? " The \(shown.count) of \(classes.count) classes with the most mistakes, the worst first."
      : " The class with the most mistakes is first."
    var plot = HeatPlot(
      title: "Right class by predicted class",
      explanation: "Rows are the right classes; columns have the numbers of the same classes as "
        + "predicted. Blue is right, red is wrong, with the number of photographs." + selection,
      rows: shown.enumerated().map { "\($0 + 1) \(Self.short(classes[$1]))" },
      columns: shown.indices.map { "\($0 + 1)" }, values: values, color: 5
    ) { "\(Int($0)) \($0 == 1 ? "photograph" : "photographs")" }
    plot.diagonalColor = 1
    plot.numbers = { "\(Int($0))" }
    return plot.html
  }

  private func table(_ cells: [Cell]) -> String {
    var supports = [Int](repeating: 0, count: classes.count)
    for cell in self.cells { supports[cell.truth] += cell.count }
    return HTML.table(
      ["class", "predicted", "photographs", "of the class"],
      cells.map { cell in
        let share = Int((100 * Double(cell.count) / Double(supports[cell.truth])).rounded())
        return .init([
          classes[cell.truth], classes[cell.predicted], "\(cell.count)", "\(share) %",
        ])
      }, textColumns: 2)
  }

  /// For the edge of a plot.
  private static func short(_ name: String) -> String {
    name.count <= 26 ? name : "\(name.prefix(25))…"
  }
}
