/// Precision, recall, and F1 of each class, and their means: scikit-learn's `precision_recall_fscore_support` over the
/// classes that occur as a label or as a prediction, with `zero_division=0`.
package struct ClassScores: Sendable, Equatable {
  package struct Row: Sendable, Equatable {
    /// An index of the classes.
    package let index: Int
    /// Photographs with this label.
    package let support: Int
    /// Photographs classified as this.
    package let predicted: Int
    package let right: Int

    /// Nil where nothing was classified as this: counted as 0 in the means.
    package var precision: Double? { Proportion(right, of: predicted).value }
    /// Nil where no photograph has this label: counted as 0 in the means.
    package var recall: Double? { Proportion(right, of: support).value }
    package var f1: Double {
      let sum = support + predicted
      return sum > 0 ? 2 * Double(right) / Double(sum) : 0
    }
  }

  package struct Means: Sendable, Equatable {
    package let precision: Double
    package let recall: Double
    package let f1: Double
  }

  /// By index.
  package let rows: [Row]

  package init(_ confusion: Confusion) {
    rows = confusion.present.map { index in
      Row(
        index: index, support: confusion.support(of: index),
        predicted: confusion.predictions(of: index), right: confusion.count(index, index))
    }
  }

  /// Each class counts the same; nil without photographs.
  package var macro: Means? { means { _ in 1 } }

  /// Each class counts as often as it is a label.
  package var weighted: Means? { means { Double($0.support) } }

  private func means(_ weight: (Row) -> Double) -> Means? {
    let total = rows.reduce(0) { $0 + weight($1) }
    guard total > 0 else { return nil }
    func mean(_ value: (Row) -> Double) -> Double {
      rows.reduce(0) { $0 + weight($1) * value($1) } / total
    }
    return Means(
      precision: mean { $0.precision ?? 0 }, recall: mean { $0.recall ?? 0 }, f1: mean(\.f1))
  }

  /// Classes whose precision or recall is undefined.
  package var undefined: (precision: Int, recall: Int) {
    (rows.filter { $0.predicted == 0 }.count, rows.filter { $0.support == 0 }.count)
  }
}
