/// Why an object of the bucket is left out of a backfill.
package enum LeftOutKind: String, Sendable, CaseIterable {
  case olderVersion = "older versions"
  case deleted = "deleted objects"
  case result = "results of the function"
  case backfillFile = "manifests and reports of backfills"
  case folder = "folders"
  case otherSuffix = "other suffixes"
  case otherType = "other types"
  case outsideTime = "created at other times"
  case empty = "empty objects"
  case tooLarge = "larger than the function accepts"
  case archived = "archived objects"
  case hasResult = "objects with a result"
}

/// What a selection left out, by kind.
package struct LeftOut: Sendable, Equatable {
  package struct Count: Sendable, Equatable {
    package fileprivate(set) var objects = 0
    /// A key; the first one.
    package let example: String
  }

  private var counts: [LeftOutKind: Count] = [:]

  package init() {}

  /// Kinds that occur, in the order of the cases.
  package var all: [(kind: LeftOutKind, count: Count)] {
    LeftOutKind.allCases.compactMap { kind in counts[kind].map { (kind, $0) } }
  }

  package subscript(kind: LeftOutKind) -> Int { counts[kind]?.objects ?? 0 }

  mutating func add(_ kind: LeftOutKind, key: String) {
    counts[kind, default: Count(example: key)].objects += 1
  }
}
