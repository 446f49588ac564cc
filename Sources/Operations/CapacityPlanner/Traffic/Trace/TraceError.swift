/// Why a trace cannot be read.
package enum TraceError: Error, Equatable, CustomStringConvertible {
  case empty
  /// Rows that are not what the others are: the first of them, and how many there are.
  case badRows([BadRow], count: Int)
  /// No row has a time that can be read: the number of rows, and the first of them.
  case noTimes(count: Int, first: BadRow)
  /// A column that is not there; the text says which and what there is.
  case noColumn(String)
  /// Times that are not bins; the text contains the reason.
  case notBins(String)
  /// The rows can be read in two ways; what is unclear, the first three as read, and what to do.
  case unclear(String, rows: [String], advice: String)
  /// Not a file of times; the text says what it is.
  case notText(String)
  /// The rows do not describe traffic.
  case traffic(TrafficError)

  /// What is wrong and where, for a person; several lines for bad rows.
  package var description: String {
    switch self {
    case .empty: "it has no arrivals: at least one row with a time is needed"
    case .badRows(let rows, let count):
      "\(count) bad \(count == 1 ? "row" : "rows")\n" + BadRow.list(rows, of: count)
    case .noTimes(let count, let first):
      "\(count == 1 ? "its row has no time" : "none of its \(count) rows has a time") that can be read: \(first). "
        + "Write times as seconds, Unix times, or ISO dates with the year first (2026-11-22T08:00:00Z), "
        + "or name their column with --column"
    case .noColumn(let text), .notBins(let text), .notText(let text): text
    case .unclear(let question, let rows, let advice):
      (["it is unclear \(question)"] + rows.map { "  \($0)" } + [advice]).joined(separator: "\n")
    case .traffic(let error): error.description
    }
  }
}

/// A row that could not be understood.
package struct BadRow: Sendable, Hashable, CustomStringConvertible {
  /// The number of rows that are kept; all are counted.
  package static let kept = 20

  /// Counted from 1, the header included.
  package let line: Int
  /// What the number counts: `line`, or `point` of a JSON file.
  package var word = "line"
  /// What is wrong with it.
  package let reason: String

  /// `line 7: "yesterday" is neither a number of seconds nor an ISO date`
  package var description: String { "\(word) \(line): \(reason)" }

  /// One per line; the last contains the number of further rows.
  static func list(_ rows: [BadRow], of count: Int) -> String {
    let more = count > rows.count ? ["and \(count - rows.count) more"] : []
    return (rows.map(\.description) + more).map { "  \($0)" }.joined(separator: "\n")
  }
}
