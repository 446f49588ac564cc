import Platform

/// Which columns of a file are times and counts, and how sure that is.
struct TraceColumns {
  /// Rows above the first row with a time.
  private(set) var headerRows = 0
  /// What the header says of each column; empty without one.
  private(set) var names: [String] = []
  private(set) var count = 0
  private(set) var time = 0
  /// Where counts are looked for; nil when no column can hold them.
  private(set) var counts: Int?
  /// Whether the header names the counts.
  private(set) var countsAreNamed = false
  /// Columns whose names could all be counts, when there are several.
  private(set) var rivals: [Int] = []
  /// Columns that the header calls an average or a rate.
  private(set) var statistics: [Int] = []
  /// Columns whose name says nothing.
  private(set) var unknown: [Int] = []
  private(set) var binWidth: Duration?
  /// Columns that could be the times as well as the one that was taken.
  private(set) var otherTimes: [Int] = []
  /// First cells of the rows above the first row with a time.
  private(set) var labels: [String] = []

  /// - Throws: ``TraceError/noColumn(_:)``.
  init(_ rows: inout TraceRows, _ format: TraceFormat) throws(TraceError) {
    readHeader(&rows, format)
    time = try index(format.column, rows) ?? likelyTime(rows)
    let meanings = names.map { HeaderName($0).meaning }
    binWidth = names.indices.contains(time) ? HeaderName(names[time]).binWidth : nil
    let others = (0..<count).filter { $0 != time }
    func having(_ meaning: HeaderName.Meaning) -> [Int] {
      others.filter { meanings.indices.contains($0) && meanings[$0] == meaning }
    }
    let strong = having(.count)
    let named = strong.isEmpty ? having(.weakCount) : strong
    statistics = having(.statistic)
    unknown = names.isEmpty ? others : having(.unknown)
    rivals = named.count > 1 ? named : []
    countsAreNamed = named.count == 1
    counts = try index(format.countColumn, rows) ?? named.first ?? unknown.first ?? statistics.first
    if format.countColumn == nil, format.binWidth != nil, counts == nil { counts = others.first }
    if format.column == nil { otherTimes = others.filter { $0 != counts && isTime($0, rows) } }
  }

  /// Whether the header calls it a time, or the first row has a date there.
  private func isTime(_ index: Int, _ rows: TraceRows) -> Bool {
    guard rows.isAtRow, let clock = rows.field(index).flatMap({ TraceClock($0) }) else {
      return false
    }
    return clock.isDate
      || names.indices.contains(index) && HeaderName(names[index]).meaning == .time
  }

  private mutating func readHeader(_ rows: inout TraceRows, _ format: TraceFormat) {
    count = rows.fields.count
    var lines: [[String]] = []
    while Self.isHeader(rows, behind: lines) {
      lines.append(rows.fields.indices.map { rows.text($0, atMost: 80) })
      guard rows.next() else { break }
    }
    headerRows = lines.count
    labels = lines.compactMap(\.first)
    count = max(count, lines.map(\.count).max() ?? 0)
    guard !lines.isEmpty else { return }
    names = (0..<count).map { column in
      lines.compactMap { $0.indices.contains(column) ? $0[column] : nil }.joined(separator: " ")
    }
  }

  /// No cell is a time, or the row is one of those that the CloudWatch console writes above its values: a label that is
  /// known, or behind such a one a word without digits.
  private static func isHeader(_ rows: TraceRows, behind lines: [[String]]) -> Bool {
    guard !rows.fields.isEmpty else { return false }
    let first = rows.text(0)
    if HeaderName.isLabelOfConsole(first) { return true }
    if lines.contains(where: { HeaderName.isLabelOfConsole($0.first ?? "") }),
      rows.fields.count > 1, first.allSatisfy({ $0.isLetter || $0.isWhitespace })
    {
      return true
    }
    return lines.isEmpty
      && rows.fields.indices.allSatisfy { rows.field($0).flatMap { TraceClock($0) } == nil }
  }

  private func likelyTime(_ rows: TraceRows) -> Int {
    let meanings = names.map { HeaderName($0).meaning }
    if let named = meanings.firstIndex(of: .time) { return named }
    let clocks = rows.fields.indices.map { rows.field($0).flatMap { TraceClock($0) } }
    if let date = clocks.firstIndex(where: { $0?.isDate == true }) { return date }
    let isNamedCount = { (index: Int) in
      meanings.indices.contains(index) && meanings[index] == .count
    }
    return clocks.indices.first { clocks[$0] != nil && !isNamedCount($0) } ?? 0
  }

  /// From a name of the header or a number from 1 on; nil when none is given.
  private func index(_ name: String?, _ rows: TraceRows) throws(TraceError) -> Int? {
    guard let name else { return nil }
    let known = names.isEmpty ? rows.fields.indices.map { rows.text($0) } : names
    if let index = known.firstIndex(where: { $0.lowercased() == name.lowercased() }) {
      return index
    }
    if let number = Int(name), known.indices.contains(number - 1) { return number - 1 }
    throw .noColumn(
      "there is no column \(name); the first row has \(known.joined(separator: ", ")), "
        + "also called 1 to \(known.count)")
  }

  /// `requests`, or `column 2`.
  func name(_ index: Int) -> String {
    names.indices.contains(index) && !names[index].isEmpty
      ? VisibleText.escaped(names[index]) : "column \(index + 1)"
  }

  /// `column 2, time`
  private func place(_ index: Int) -> String {
    let name = name(index)
    return name == "column \(index + 1)" ? name : "column \(index + 1), \(name)"
  }

  /// Which of several times were taken, as a sentence; nil where there is one.
  var timeNotice: String? {
    guard !otherTimes.isEmpty else { return nil }
    return "the times are those of \(place(time)), not of "
      + otherTimes.map(place).joined(separator: " or ")
      + ": state another with --column and its number"
      + (counts == nil ? "" : ", and the counts with --count-column")
  }

  /// `, behind a header`
  var headerNotice: String {
    switch headerRows {
    case 0: ""
    case 1: ", behind a header"
    default:
      ", behind \(headerRows) rows of labels ("
        + labels.map { VisibleText.escaped($0) }.joined(separator: ", ") + ")"
    }
  }
}
