extension Trace {
  /// More bins than this are rather a wrong width than a trace: two years of seconds.
  private static let mostBins = 64_000_000

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
    let header = table.hasHeader ? ", behind a header" : ""
    return (
      traffic, "taken for \(table.times.count) arrival times, \(clock.name) each\(header)"
    )
  }

  /// Counts per bin. Bins without a row are empty.
  static func bins(
    _ table: TraceTable, _ clock: TraceClock, _ format: TraceFormat
  ) throws(TraceError) -> (traffic: Traffic, notice: String) {
    let rows = zip(table.times, table.counts).sorted { $0.0 < $1.0 }
    guard let first = rows.first?.0, let last = rows.last?.0 else { throw .empty }
    guard let width = format.binWidth?.microseconds ?? table.smallestGap(rows.map(\.0)) else {
      throw .notBins("one row with a count has no width: say it with --bin, as --bin 5m")
    }
    guard width > 0, (last - first) / width < mostBins else {
      throw .notBins(
        "from the first to the last time there are more than \(mostBins) bins of "
          + "\(DurationText.text(.microseconds(max(1, width)))): say their width with --bin, as --bin 5m"
      )
    }
    var counts = [Double](repeating: 0, count: Int((last - first) / width) + 1)
    for (time, count) in rows { counts[Int((time - first) / width)] += count }
    let traffic = try wrap { () throws(TrafficError) in
      try Traffic(
        counts: counts, binWidth: .microseconds(width),
        startUnixSeconds: clock.isSinceStart ? nil : Double(first) / 1e6)
    }
    let missing = counts.count - Set(rows.map { ($0.0 - first) / width }).count
    let gaps = missing > 0 ? "; \(missing) without a row are empty" : ""
    return (
      traffic,
      "taken for counts in \(counts.count) bins of \(DurationText.text(.microseconds(width))), "
        + "\(clock.name) and a count each\(table.hasHeader ? ", behind a header" : "")\(gaps)"
    )
  }

  private static func wrap(
    _ body: () throws(TrafficError) -> Traffic
  ) throws(TraceError) -> Traffic {
    do throws(TrafficError) { return try body() } catch { throw .traffic(error) }
  }

  private static func floorToSecond(_ time: Microseconds) -> Microseconds {
    let rest = time % .second
    return time - (rest < 0 ? rest + .second : rest)
  }
}
