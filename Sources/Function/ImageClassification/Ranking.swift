import JSON

/// The classes with the highest probabilities.
enum Ranking {
  /// At most `limit` classes, highest first; takes time n log(limit) and memory for `limit` of them.
  static func highest(_ probabilities: [Double], limit: Int) -> [IndexedNumber] {
    var entries: [IndexedNumber] = []
    entries.reserveCapacity(min(limit, probabilities.count))
    var index = 0
    while index < probabilities.count, entries.count < limit {
      entries.append(IndexedNumber(index: index, number: probabilities[index]))
      index += 1
    }
    if index < probabilities.count {
      // A heap with the lowest of those that are kept on top.
      for root in (0..<entries.count / 2).reversed() { sift(&entries, root) }
      while index < probabilities.count {
        let entry = IndexedNumber(index: index, number: probabilities[index])
        if entry.comes(before: entries[0]) {
          entries[0] = entry
          sift(&entries, 0)
        }
        index += 1
      }
    }
    entries.sort { $0.comes(before: $1) }
    return entries
  }

  /// Moves an entry down until none below it is lower.
  private static func sift(_ heap: inout [IndexedNumber], _ start: Int) {
    var parent = start
    while true {
      var child = 2 * parent + 1
      if child + 1 < heap.count, heap[child].comes(before: heap[child + 1]) { child += 1 }
      guard child < heap.count, heap[parent].comes(before: heap[child]) else { return }
      heap.swapAt(parent, child)
      parent = child
    }
  }
}

extension IndexedNumber {
  /// Higher first, equal ones in the order of their index.
  fileprivate func comes(before other: IndexedNumber) -> Bool {
    number > other.number || (number == other.number && index < other.index)
  }
}
