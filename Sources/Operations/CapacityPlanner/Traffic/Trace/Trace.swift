import Foundation

/// Traffic read from a file, and what was seen and assumed on the way.
///
/// The file is CSV with commas, semicolons or tabs, with or without a header. It has a row for each arrival with its
/// time in one column: seconds since the start of the trace, seconds or milliseconds since 1970, or any ISO 8601 date.
/// Or it has two columns, time and count: that is taken for counts per bin when the times are a regular grid. Which of
/// them it is taken for is said in `notices`.
package struct Trace: Sendable {
  /// The arrivals.
  package let traffic: Traffic
  /// What the file was taken for, what was sorted, filled or left out, a sentence each.
  package let notices: [String]
  /// The first rows that were left out, when the format allows that.
  package let badRows: [BadRow]

  /// Reads a file.
  ///
  /// - Throws: ``TraceError``; Foundation's errors when the file cannot be read.
  package init(contentsOf url: URL, format: TraceFormat = TraceFormat()) throws {
    let data = try Data(contentsOf: url, options: .mappedIfSafe)
    try self.init(data, format: format)
  }

  /// Reads what stood in a file.
  ///
  /// - Throws: ``TraceError``.
  package init(_ data: Data, format: TraceFormat = TraceFormat()) throws(TraceError) {
    let table: Result<TraceTable, TraceError> = data.withUnsafeBytes { raw in
      Result { () throws(TraceError) in
        try TraceTable(raw.bindMemory(to: UInt8.self), format)
      }
    }
    try self.init(table.get(), format)
  }

  private init(_ table: TraceTable, _ format: TraceFormat) throws(TraceError) {
    guard table.badCount == 0 || format.skipsBadRows else {
      throw .badRows(table.badRows, count: table.badCount)
    }
    guard !table.times.isEmpty, let clock = table.clock else { throw .empty }
    var notices: [String] = []
    if table.badCount > 0 {
      notices.append(
        "\(table.badCount) bad rows are left out:\n"
          + BadRow.list(table.badRows, of: table.badCount))
    }
    let isUnordered = zip(table.times, table.times.dropFirst()).contains { $0 > $1 }
    if isUnordered { notices.append("the times were not in order and have been sorted") }
    let isCounts = format.isCounts ?? table.looksLikeCounts
    let read =
      isCounts ? try Self.bins(table, clock, format) : try Self.arrivals(table, clock)
    traffic = read.traffic
    notices.insert(read.notice, at: 0)
    self.notices = notices
    badRows = table.badRows
  }
}
