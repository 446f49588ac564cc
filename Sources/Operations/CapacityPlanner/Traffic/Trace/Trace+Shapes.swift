extension Trace {
  /// More bins than this are a wrong width rather than a trace.
  private static let mostBins: Microseconds = 10_000_000

  /// Exact times. Dates count from the whole second of the first.
  static func arrivals(
    _ table: TraceTable, _ clock: TraceClock
  ) throws(TraceError) -> (traffic: Traffic, notice: String) {
    let first = table.times.min() ?? 0
    let start = clock.isSinceStart ? 0 : floorToSecond(first)
    let traffic = try wrap { () throws(TrafficError) in
      try Traffic(
        microseconds: table.times.map { $0 - start },
        startUnixSeconds: clock.isSinceStart ? nil : Double(start / .second))
    }
    return (
      traffic,
      "taken for \(table.times.count) arrival times, \(clock.name) each\(table.headerNotice)"
    )
  }

  /// Counts per bin. Bins without a row are empty; a row that is not on the grid, or is there twice, is an error.
  static func bins(
    _ table: TraceTable, _ clock: TraceClock, _ format: TraceFormat
  ) throws(TraceError) -> (traffic: Traffic, notice: String, bad: TraceTable.BadRows) {
    guard table.columns.counts != nil else {
      throw .notBins("no column holds counts: name it with --count-column")
    }
    let given = format.binWidth ?? table.columns.binWidth
    let order = table.times.indices.filter { !table.counts[$0].isNaN }
      .sorted { (table.times[$0], $0) < (table.times[$1], $1) }
    let times = order.map { table.times[$0] }
    guard let first = times.first, let last = times.last else { throw .empty }
    let grid = TraceGrid(times)
    guard let width = given?.microseconds ?? grid.binWidth(times), width > 0 else {
      throw .notBins(
        times.count == 1
          ? "one row with a count has no width: state it with --bin, as --bin 5m"
          : "the times of the counts are not on a grid: state the bins' width with --bin, as --bin 5m"
      )
    }
    guard (last - first) / width < mostBins else {
      throw .notBins(
        "from the first to the last time there are more than \(mostBins) bins of "
          + "\(DurationText.text(.microseconds(width))): state their width with --bin, as --bin 5m")
    }
    let phase = given == nil ? Self.phase(times, width) : first
    var counts = [Double](repeating: 0, count: Int((last - phase) / width) + 1)
    var isFilled = [Bool](repeating: false, count: counts.count)
    var bad = TraceTable.BadRows()
    var previous: Int?
    for index in order {
      defer { previous = index }
      let time = table.times[index]
      if given == nil, let reason = Self.problem(index, previous, time - phase, width, table) {
        bad.add(table.bad(table.lines[index], reason))
        continue
      }
      let bin = max(0, Int((time - phase) / width))
      counts[bin] += table.counts[index]
      isFilled[bin] = true
    }
    let traffic = try wrap { () throws(TrafficError) in
      try Traffic(
        counts: counts, binWidth: .microseconds(width),
        startUnixSeconds: clock.isSinceStart ? nil : Double(phase) / 1e6)
    }
    let missing = isFilled.count { !$0 }
    return (
      traffic,
      "taken for counts in \(counts.count) bins of \(DurationText.text(.microseconds(width))), "
        + "\(clock.name) and a count each\(table.headerNotice)\(table.countsNotice)"
        + (missing > 0 ? "; \(missing) without a row are empty" : ""), bad
    )
  }

  /// The first time that most times agree with.
  private static func phase(_ times: [Microseconds], _ width: Microseconds) -> Microseconds {
    var counts: [Microseconds: Int] = [:]
    for time in times { counts[modulo(time, width), default: 0] += 1 }
    let common = counts.max { ($0.value, -$0.key) < ($1.value, -$1.key) }?.key ?? 0
    return times.first { modulo($0, width) == common } ?? times[0]
  }

  private static func problem(
    _ index: Int, _ previous: Int?, _ offset: Microseconds, _ width: Microseconds,
    _ table: TraceTable
  ) -> String? {
    if offset < 0 || offset % width != 0 {
      return
        "its time is not on the grid of \(DurationText.text(.microseconds(width))) that the other rows have"
    }
    guard let previous, table.times[previous] == table.times[index] else { return nil }
    let isRepeatedHour =
      index > 0 && table.clock == .dateWithoutOffset
      && (table.times[index - 1] - table.times[index]).magnitude < UInt64(2 * Microseconds.hour)
      && table.lines[index] - table.lines[previous] > 1
    return "it has the time of \(table.bad(table.lines[previous], "").word) "
      + "\(table.bad(table.lines[previous], "").line)"
      + (isRepeatedHour
        ? ": when clocks change, an hour comes twice; write times with an offset, as +02:00" : "")
  }

  private static func wrap(
    _ body: () throws(TrafficError) -> Traffic
  ) throws(TraceError) -> Traffic {
    do throws(TrafficError) { return try body() } catch { throw .traffic(error) }
  }

  private static func modulo(_ value: Microseconds, _ width: Microseconds) -> Microseconds {
    let rest = value % width
    return rest < 0 ? rest + width : rest
  }

  private static func floorToSecond(_ time: Microseconds) -> Microseconds {
    time - modulo(time, .second)
  }
}
