import Foundation

/// The tasks of a report, counted: classes of the successes, reasons of the failures.
package struct ReportSummary: Sendable {
  /// Reasons and classes are few unless somebody made them many.
  private static let maximumNames = 50_000
  private static let exampleCount = 3

  package struct ClassCount: Sendable, Equatable {
    package let name: String
    package fileprivate(set) var images = 0
    fileprivate var probabilities = 0.0
    package var meanProbability: Double { images == 0 ? 0 : probabilities / Double(images) }
  }

  package struct Failure: Sendable, Equatable {
    package let reason: String
    /// `TemporaryFailure`, `PermanentFailure`; of the first one.
    package let code: String
    package fileprivate(set) var tasks = 0
    /// Objects with the text of their failure: those that are first by key, because the order of a report is that in
    /// which tasks ended.
    package fileprivate(set) var examples: [(object: ManifestRow, text: String)] = []

    fileprivate mutating func add(_ example: (object: ManifestRow, text: String), most: Int) {
      let place = examples.firstIndex {
        example.object.encodedKey.utf8.lexicographicallyPrecedes($0.object.encodedKey.utf8)
      }
      examples.insert(example, at: place ?? examples.endIndex)
      if examples.count > most { examples.removeLast() }
    }

    package static func == (one: Self, other: Self) -> Bool {
      one.reason == other.reason && one.tasks == other.tasks && one.code == other.code
    }
  }

  package private(set) var succeeded = 0
  package private(set) var failed = 0
  /// Succeeded without a class: folders and results of the function.
  package private(set) var skipped = 0
  /// Succeeded with other words, for example accepted by an asynchronous endpoint.
  package private(set) var otherSuccesses = 0
  /// Lines that are not tasks.
  package private(set) var unreadableLines = 0
  private var classCounts: [String: ClassCount] = [:]
  private var failureCounts: [String: Failure] = [:]

  package init() {}

  package var tasks: Int { succeeded + failed }

  /// The class with the most images first.
  package var classes: [ClassCount] {
    classCounts.values.sorted { ($1.images, $0.name) < ($0.images, $1.name) }
  }

  package var failures: [Failure] {
    failureCounts.values.sorted { ($1.tasks, $0.reason) < ($0.tasks, $1.reason) }
  }

  package mutating func addUnreadableLine() { unreadableLines += 1 }

  package mutating func add(_ row: ReportRow) {
    guard row.isSucceeded else { return addFailure(row) }
    succeeded += 1
    switch ResultText(row.text) {
    case .classified(let name, let probability):
      let key = Self.key(name, classCounts.count, isKnown: classCounts[name] != nil)
      classCounts[key, default: ClassCount(name: key)].images += 1
      classCounts[key]?.probabilities += probability
    case .skipped: skipped += 1
    case .other: otherSuccesses += 1
    }
  }

  private mutating func addFailure(_ row: ReportRow) {
    failed += 1
    let reason = ResultText.reason(ofFailure: row.text, code: row.code)
    let key = Self.key(reason, failureCounts.count, isKnown: failureCounts[reason] != nil)
    var failure = failureCounts[key] ?? Failure(reason: key, code: row.code)
    failure.tasks += 1
    failure.add((row.object, row.text), most: Self.exampleCount)
    failureCounts[key] = failure
  }

  private static func key(_ name: String, _ count: Int, isKnown: Bool) -> String {
    isKnown || count < maximumNames ? name : "(others)"
  }
}
