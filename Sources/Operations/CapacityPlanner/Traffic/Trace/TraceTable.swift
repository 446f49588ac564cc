import Platform

/// The rows of a trace file: times, and counts where a column may hold them.
struct TraceTable {
  let columns: TraceColumns
  /// `, behind a header`; nothing when the header is the conversion's.
  let headerNotice: String
  /// `, the counts in requests`; nothing when that name is the conversion's.
  let countsNotice: String
  private let rowNumbers: TraceText.RowNumbering
  /// In the order of the file, with the row's number.
  private(set) var times: [Microseconds] = []
  private(set) var lines: [Int32] = []
  /// Of each time; NaN where the cell is not a count.
  private(set) var counts: [Double] = []
  private(set) var clock: TraceClock?
  /// Rows without a usable time, and rows without a usable count.
  private(set) var badTimes = BadRows()
  private(set) var badCounts = BadRows()
  /// Cells of the counts' column that look like numbers.
  private(set) var numericCells = 0
  /// The first three rows as read, for questions.
  private(set) var examples: [String] = []

  /// The first bad rows, and how many there are.
  struct BadRows {
    private(set) var first: [BadRow] = []
    private(set) var count = 0

    mutating func add(_ row: BadRow) {
      count += 1
      if first.count < BadRow.kept { first.append(row) }
    }

    static func + (left: BadRows, right: BadRows) -> BadRows {
      var sum = left
      sum.first = Array((left.first + right.first).sorted { $0.line < $1.line }.prefix(BadRow.kept))
      sum.count += right.count
      return sum
    }
  }

  /// - Throws: ``TraceError/noColumn(_:)``, ``TraceError/notText(_:)``.
  init(_ text: TraceText) throws(TraceError) {
    rowNumbers = text.rows
    let bytes = text.bytes
    let format = text.format
    let read: Result<(TraceColumns, [RowRead], Int?), TraceError> = bytes.withUnsafeBufferPointer {
      bytes in
      Result { () throws(TraceError) in try Self.read(bytes, format) }
    }
    let (columns, rows, unclosedQuote) = try read.get()
    self.columns = columns
    headerNotice = text.kind == nil ? columns.headerNotice : ""
    countsNotice =
      text.hasOwnNames ? columns.counts.map { ", the counts in \(columns.name($0))" } ?? "" : ""
    if let unclosedQuote {
      throw .notText("the quote that begins in line \(unclosedQuote) is never closed")
    }
    for row in rows { add(row) }
  }

  /// A row as far as it can be read by itself.
  private struct RowRead {
    var line: Int32
    var fields: Int
    var clock: TraceClock?
    var time: Microseconds = 0
    var count = Double.nan
    var countLooksNumeric = false
    /// Cells for messages; only of rows that need one.
    var timeText: String?
    var countText: String?
  }

  private static func read(
    _ bytes: UnsafeBufferPointer<UInt8>, _ format: TraceFormat
  ) throws(TraceError) -> (TraceColumns, [RowRead], Int?) {
    var rows = TraceRows(bytes, delimiter: TraceRows.delimiter(of: bytes))
    guard rows.next() else { throw .empty }
    let columns = try TraceColumns(&rows, format)
    var result: [RowRead] = []
    guard !rows.fields.isEmpty, columns.headerRows == 0 || rows.isAtRow else {
      return (columns, [], rows.unclosedQuoteLine)
    }
    repeat {
      var row = RowRead(line: Int32(rows.line), fields: rows.fields.count)
      if let cell = rows.field(columns.time), !cell.isEmpty {
        row.clock = TraceClock(cell)
        row.time = row.clock?.microseconds(cell) ?? 0
      }
      if let column = columns.counts, let cell = rows.field(column) {
        row.count = Self.count(cell)
        row.countLooksNumeric = cell.first.map { DecimalText.isDigit($0) } ?? false
      }
      let isExample = result.count < 3
      if row.clock == nil || isExample || row.clock != result.first?.clock || row.time < 0 {
        row.timeText = VisibleText.escaped(rows.text(columns.time))
      }
      if row.count.isNaN || isExample {
        row.countText = columns.counts.map { VisibleText.escaped(rows.text($0)) }
      }
      result.append(row)
    } while rows.next()
    return (columns, result, rows.unclosedQuoteLine)
  }

  /// A whole number from 0 on; NaN for anything else.
  private static func count(_ cell: UnsafeBufferPointer<UInt8>) -> Double {
    guard let number = DecimalText.millionths(cell), number >= 0, number % 1_000_000 == 0 else {
      return .nan
    }
    return Double(number / 1_000_000)
  }

  private mutating func add(_ row: RowRead) {
    if examples.count < 3 { examples.append(example(row)) }
    guard let time = time(row) else { return }
    times.append(time)
    lines.append(row.line)
    counts.append(row.count)
    if row.countLooksNumeric { numericCells += 1 }
    guard columns.counts != nil else { return }
    if row.count.isNaN {
      let text = row.countText ?? ""
      refuse(
        row,
        Self.isTooLarge(text)
          ? "\"\(text)\" is too large a count: at most 9 million million are read"
          : "\"\(text)\" is not a count: a whole number from 0 on is needed", &badCounts)
    } else if row.fields != columns.count {
      refuse(row, "it has \(row.fields) columns, the first row has \(columns.count)", &badCounts)
    }
  }

  private func example(_ row: RowRead) -> String {
    var text = "\(rowNumbers.word) \(Int(row.line) - rowNumbers.offset): time \(row.timeText ?? "")"
    if let column = columns.counts { text += ", \(columns.name(column)) \(row.countText ?? "")" }
    return text
  }

  /// The time of a row, or nil and a bad row more.
  private mutating func time(_ row: RowRead) -> Microseconds? {
    let text = row.timeText ?? ""
    guard let found = row.clock else {
      refuse(
        row,
        Self.isTooLarge(text)
          ? "\"\(text)\" is too large a number for a time"
          : text.isEmpty
            ? "\(columns.name(columns.time)) is empty"
            : clock.map { "\"\(text)\" is not \($0.name), as the rows before are" }
              ?? "\"\(text)\" is neither a number of seconds nor an ISO date", &badTimes)
      return nil
    }
    guard found == clock ?? found else {
      let clock = clock ?? found
      refuse(
        row,
        clock.isDate && found.isDate
          ? "\"\(text)\" has \(found == .date ? "an offset" : "no offset") from UTC, unlike the rows before"
          : "\"\(text)\" is not \(clock.name), as the rows before are", &badTimes)
      return nil
    }
    clock = found
    if row.time < 0, found.isSinceStart {
      refuse(row, "\(text) is before the start of the trace", &badTimes)
      return nil
    }
    return row.time
  }

  /// A number that `DecimalText` does not hold.
  private static func isTooLarge(_ text: String) -> Bool {
    // A long cell is shortened for the message.
    let digits = text.replacing("…", with: "")
    return digits.utf8.allSatisfy { DecimalText.isDigit($0) || ".+eE".utf8.contains($0) }
      && (Double(digits) ?? 0) > 9e12
  }

  private func refuse(_ row: RowRead, _ reason: String, _ list: inout BadRows) {
    list.add(bad(row.line, reason))
  }

  /// A bad row by its number in the file.
  func bad(_ line: Int32, _ reason: String) -> BadRow {
    BadRow(line: Int(line) - rowNumbers.offset, word: rowNumbers.word, reason: reason)
  }
}
