/// How many photographs of a class were classified as which: most cells of many classes are empty, and not kept.
package struct Confusion: Sendable, Equatable {
  package struct Cell: Sendable, Hashable {
    package let truth: Int
    package let predicted: Int
  }

  private var counts: [Cell: Int] = [:]
  private var labels: [Int: Int] = [:]
  private var predictions: [Int: Int] = [:]

  package init(_ observations: [Observation]) {
    for observation in observations {
      guard let truth = observation.truth else { continue }
      counts[Cell(truth: truth, predicted: observation.predicted), default: 0] += 1
      labels[truth, default: 0] += 1
      predictions[observation.predicted, default: 0] += 1
    }
  }

  package func count(_ truth: Int, _ predicted: Int) -> Int {
    counts[Cell(truth: truth, predicted: predicted)] ?? 0
  }

  package func support(of index: Int) -> Int { labels[index] ?? 0 }
  package func predictions(of index: Int) -> Int { predictions[index] ?? 0 }

  /// Classes that occur as a label or as a prediction, by index.
  package var present: [Int] { Set(labels.keys).union(predictions.keys).sorted() }

  /// All cells that are not empty, by their classes.
  package var cells: [(cell: Cell, count: Int)] {
    counts.sorted { ($0.key.truth, $0.key.predicted) < ($1.key.truth, $1.key.predicted) }
      .map { ($0.key, $0.value) }
  }

  /// Cells off the diagonal, the most frequent first.
  package var mistakes: [(cell: Cell, count: Int)] {
    // Stable: cells are in the order of their classes.
    cells.filter { $0.cell.truth != $0.cell.predicted }.enumerated()
      .sorted { ($1.element.count, $0.offset) < ($0.element.count, $1.offset) }
      .map(\.element)
  }
}
