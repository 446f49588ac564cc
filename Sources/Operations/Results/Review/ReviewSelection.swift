import Foundation

/// Chooses the results that a person should look at, in memory that depends on their limit only.
package struct ReviewSelection: Sendable {
  /// What makes a result doubtful.
  package enum Measure: String, CaseIterable, Sendable {
    /// A low probability of the best class.
    case probability
    /// A small difference between the best two.
    case margin
    /// A distribution over many classes.
    case entropy
  }

  package struct Item: Sendable, Equatable {
    package let result: StoredResult
    /// Higher is more doubtful.
    package let doubt: Double
  }

  private let measure: Measure
  private let limit: Int
  private let limitPerClass: Int
  /// By class, the most doubtful first.
  private var items: [String: [Item]] = [:]
  /// Results whose values do not allow the measure.
  package private(set) var unmeasured = 0

  /// - Parameters:
  ///   - limit: the most results, 1 or more.
  ///   - limitPerClass: the most results of one best class; nil sets no limit.
  package init(by measure: Measure, limit: Int, limitPerClass: Int? = nil) {
    self.measure = measure
    self.limit = limit
    self.limitPerClass = min(limitPerClass ?? limit, limit)
  }

  package mutating func add(_ result: StoredResult) {
    guard let best = result.document.best, let doubt = doubt(result.document) else {
      unmeasured += 1
      return
    }
    let item = Item(result: result, doubt: doubt)
    var rivals = items[best.label] ?? []
    if rivals.count == limitPerClass, let last = rivals.last, !Self.precedes(item, last) { return }
    let index = rivals.firstIndex { Self.precedes(item, $0) } ?? rivals.count
    items[best.label] = nil
    rivals.insert(item, at: index)
    if rivals.count > limitPerClass { rivals.removeLast() }
    items[best.label] = rivals
  }

  /// The most doubtful first.
  package var chosen: [Item] {
    Array(items.values.joined().sorted(by: Self.precedes).prefix(limit))
  }

  private func doubt(_ document: ResultDocument) -> Double? {
    guard let best = document.best?.probability else { return nil }
    switch measure {
    case .probability: return 1 - best
    case .margin:
      guard document.ranking.count > 1 else { return nil }
      return document.ranking[1].probability.map { 1 - (best - $0) }
    case .entropy:
      let values = document.ranking.compactMap(\.probability)
      guard values.count == document.ranking.count, document.isComplete,
        values.allSatisfy({ $0 >= 0 })
      else { return nil }
      return values.reduce(0) { $1 > 0 ? $0 - $1 * log($1) : $0 }
    }
  }

  /// Equal doubts in the order of their keys, so that the choice does not depend on the order of reading.
  private static func precedes(_ left: Item, _ right: Item) -> Bool {
    guard left.doubt == right.doubt else { return left.doubt > right.doubt }
    return left.result.key.utf8.lexicographicallyPrecedes(right.result.key.utf8)
  }
}
