import Foundation

/// Traffic read from a file, and what was seen and assumed on the way.
///
/// CSV with commas, semicolons or tabs, with or without a header: a time in each row, or times and counts of a regular
/// grid. JSON of CloudWatch, JSON Lines, access logs and gzip: see ``TraceText``. What the file is taken for is in
/// `notices`. Where two readings are possible it is an error that names the choice.
package struct Trace: Sendable {
  package let traffic: Traffic
  /// What the file was taken for, what was sorted, filled or left out, a sentence each.
  package let notices: [String]
  /// The first rows that were left out, when the format allows that.
  package let badRows: [BadRow]

  /// - Throws: ``TraceError``; Foundation's errors when the file cannot be read.
  package init(contentsOf url: URL, format: TraceFormat = TraceFormat()) throws {
    try self.init(FileContents.read(url), format: format)
  }

  /// - Parameter data: what stood in a file.
  /// - Throws: ``TraceError``.
  package init(_ data: Data, format: TraceFormat = TraceFormat()) throws(TraceError) {
    let text = try TraceText(data, format)
    try self.init(TraceTable(text), text)
  }

  private init(_ table: TraceTable, _ text: TraceText) throws(TraceError) {
    let format = text.format
    func refuse(_ bad: TraceTable.BadRows) throws(TraceError) {
      guard bad.count == 0 || format.skipsBadRows else {
        throw .badRows(bad.first, count: bad.count)
      }
    }
    var bad = table.badTimes
    guard let clock = table.clock else {
      guard let first = bad.first.first else { throw .empty }
      throw .noTimes(count: bad.count, first: first)
    }
    try Self.checkSpan(table)
    let sorted = table.times.sorted()
    let isCounts = try Self.isCounts(table, sorted, format)
    var notices: [String] = []
    if isCounts {
      bad = bad + table.badCounts
      try refuse(bad)
      let read = try Self.bins(table, clock, format)
      bad = bad + read.bad
      traffic = read.traffic
      notices.append(read.notice)
    } else {
      let read = try Self.arrivals(table, clock)
      traffic = read.traffic
      notices.append(read.notice)
    }
    try refuse(bad)
    if let kind = text.kind { notices[0] = "\(kind), " + notices[0] }
    if let notice = table.columns.timeNotice { notices.append(notice) }
    if bad.count > 0 {
      notices.append(
        "\(bad.count) bad rows are left out:\n" + BadRow.list(bad.first, of: bad.count))
    }
    if zip(table.times, table.times.dropFirst()).contains(where: { $0 > $1 }) {
      notices.append("the times were not in order and have been sorted")
    }
    self.notices = notices
    badRows = bad.first
  }

  /// Whether the rows are counts per bin.
  ///
  /// - Throws: ``TraceError/unclear(_:rows:advice:)`` when neither header nor times decide.
  private static func isCounts(
    _ table: TraceTable, _ sorted: [Microseconds], _ format: TraceFormat
  ) throws(TraceError) -> Bool {
    if let isCounts = format.isCounts { return isCounts }
    let columns = table.columns
    if !columns.rivals.isEmpty {
      throw unclear(
        "which column counts the requests: "
          + columns.rivals.map(columns.name).joined(separator: " or "), table)
    }
    if columns.countsAreNamed { return true }
    guard columns.counts != nil, !columns.unknown.isEmpty || !columns.statistics.isEmpty else {
      return false
    }
    let isMostlyNumeric = table.numericCells * 2 >= table.times.count
    guard isMostlyNumeric else { return false }
    if !columns.statistics.isEmpty, TraceGrid(sorted).looksLikeBins {
      throw unclear(
        "what to count: \(columns.statistics.map(columns.name).joined(separator: ", ")) "
          + "is an average or a rate, not a number of requests", table)
    }
    if columns.unknown.isEmpty { return false }
    let grid = TraceGrid(sorted)
    if columns.count == 2, grid.looksLikeBins { return true }
    if columns.count == 2 || grid.looksLikeBins {
      throw unclear("whether each row is one request or a count of requests", table)
    }
    return false
  }

  private static func unclear(_ question: String, _ table: TraceTable) -> TraceError {
    let time = table.columns.name(table.columns.time).replacing("column ", with: "")
    return .unclear(
      question + ". Its first rows as read:", rows: table.examples,
      advice:
        "State it: --count-column with the column of the counts, or --column \(time) when each row is one request"
    )
  }

  /// Longer than this is a wrong date or unit rather than a trace; CloudWatch keeps 15 months.
  private static let longestDays: Microseconds = 5 * 366

  private static func checkSpan(_ table: TraceTable) throws(TraceError) {
    guard let first = table.times.indices.min(by: { table.times[$0] < table.times[$1] }),
      let last = table.times.indices.max(by: { table.times[$0] < table.times[$1] })
    else { return }
    let days = (table.times[last] / 86_400 - table.times[first] / 86_400) / .second
    guard days > longestDays else { return }
    let (from, to) = (table.bad(table.lines[first], ""), table.bad(table.lines[last], ""))
    throw .notBins(
      "from \(from.word) \(from.line) to \(to.word) \(to.line) there are \(days) days; "
        + "a trace may last \(longestDays). One of them has a wrong date or unit")
  }
}
