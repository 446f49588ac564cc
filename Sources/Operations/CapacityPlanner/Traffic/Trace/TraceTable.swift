/// The times of a trace file, and the counts beside them when every row has one.
struct TraceTable {
  /// In the order of the file.
  private(set) var times: [Microseconds] = []
  /// Of each time; as long as every row has one, or when counts are asked for.
  private(set) var counts: [Double] = []
  private(set) var clock: TraceClock?
  private(set) var hasHeader = false
  private(set) var badRows: [BadRow] = []
  private(set) var badCount = 0

  private var timeColumn = 0
  private var countColumn = 1
  private var mayBeCounts = true
  private var hasTwoColumns = false
  private var countsAreNamed = false

  /// - Throws: ``TraceError/noColumn(_:)``.
  init(_ bytes: UnsafeBufferPointer<UInt8>, _ format: TraceFormat) throws(TraceError) {
    var rows = TraceRows(bytes, delimiter: TraceRows.delimiter(of: bytes))
    guard rows.next() else { return }
    mayBeCounts = format.isCounts ?? true
    hasTwoColumns = rows.fields.count == 2
    timeColumn = try Self.column(format.column, in: rows) ?? 0
    countColumn = try Self.column(format.countColumn, in: rows) ?? (timeColumn == 0 ? 1 : 0)
    hasHeader = rows.field(timeColumn).flatMap { TraceClock($0) } == nil
    if hasHeader {
      countsAreNamed = Self.namesOfCounts.contains(rows.text(countColumn).lowercased())
      guard rows.next() else { return }
    }
    repeat { add(rows, mustHaveCount: format.isCounts == true) } while rows.next()
    if !mayBeCounts { counts = [] }
  }

  private static let namesOfCounts: Set<String> = [
    "arrivals", "count", "counts", "events", "hits", "invocations", "n", "number", "requestcount",
    "requests", "sum", "total", "value", "values",
  ]

  /// Its index, from a name of the header or a number; nil when none is given.
  private static func column(_ name: String?, in rows: TraceRows) throws(TraceError) -> Int? {
    guard let name else { return nil }
    let names = rows.fields.indices.map { rows.text($0) }
    if let index = names.firstIndex(where: { $0.lowercased() == name.lowercased() }) {
      return index
    }
    if let number = Int(name), rows.fields.indices.contains(number - 1) { return number - 1 }
    throw .noColumn(
      "there is no column \(name); the first row has \(names.joined(separator: ", ")), "
        + "also called 1 to \(names.count)")
  }

  private mutating func add(_ rows: TraceRows, mustHaveCount: Bool) {
    guard let time = time(rows) else { return }
    if mayBeCounts {
      let count = rows.field(countColumn).flatMap { DecimalText.millionths($0) }
      if let count, count >= 0 {
        counts.append(Double(count) / 1e6)
      } else if mustHaveCount {
        return refuse(rows, "\"\(rows.text(countColumn))\" is no count")
      } else {
        mayBeCounts = false
      }
    }
    times.append(time)
  }

  /// The time of a row, or nil and a bad row more.
  private mutating func time(_ rows: TraceRows) -> Microseconds? {
    guard let text = rows.field(timeColumn), !text.isEmpty else {
      refuse(rows, "column \(timeColumn + 1) is empty")
      return nil
    }
    guard let clock = clock ?? TraceClock(text) else {
      refuse(
        rows, "\"\(rows.text(timeColumn))\" is neither a number of seconds nor an ISO date")
      return nil
    }
    self.clock = clock
    guard let time = clock.microseconds(text) else {
      refuse(rows, "\"\(rows.text(timeColumn))\" is not \(clock.name), as the rows before are")
      return nil
    }
    guard time >= 0 || !clock.isSinceStart else {
      refuse(rows, "\(rows.text(timeColumn)) is before the start of the trace")
      return nil
    }
    return time
  }

  private mutating func refuse(_ rows: TraceRows, _ reason: String) {
    badCount += 1
    if badRows.count < BadRow.kept { badRows.append(BadRow(line: rows.line, reason: reason)) }
  }

  /// Two columns of which the first is a grid: nine of ten steps are the smallest one, or, when the header says
  /// that the second column are counts, all are multiples of it. Arrivals hardly do that.
  var looksLikeCounts: Bool {
    guard mayBeCounts, hasTwoColumns, times.count >= 3, counts.count == times.count else {
      return false
    }
    let sorted = times.sorted()
    guard let width = smallestGap(sorted), width >= .second else { return false }
    let gaps = zip(sorted, sorted.dropFirst()).map { $1 - $0 }
    guard gaps.allSatisfy({ $0 > 0 && $0 % width == 0 }) else { return false }
    return countsAreNamed || gaps.filter { $0 == width }.count * 10 >= gaps.count * 9
  }

  /// The smallest distance of two different times.
  func smallestGap(_ sorted: [Microseconds]) -> Microseconds? {
    zip(sorted, sorted.dropFirst()).map { $1 - $0 }.filter { $0 > 0 }.min()
  }
}
