/// How regular the times of a trace are.
struct TraceGrid {
  /// The most common distance of neighbors that differ, and the smallest.
  let commonGap: Microseconds?
  let smallestGap: Microseconds?
  /// Share of all distances, those of equal times included, that are the common one.
  let regularShare: Double

  /// - Parameter times: sorted.
  init(_ times: [Microseconds]) {
    var counts: [Microseconds: Int] = [:]
    for (before, after) in zip(times, times.dropFirst()) where after > before {
      counts[after - before, default: 0] += 1
      // That number of different steps is not a grid.
      if counts.count > 10_000 { break }
    }
    let common = counts.max { ($0.value, -$0.key) < ($1.value, -$1.key) }
    commonGap = common?.key
    smallestGap = counts.keys.min()
    regularShare = times.count < 2 ? 0 : Double(common?.value ?? 0) / Double(times.count - 1)
  }

  /// Rows of nearly equal distance, of at least a second: bins rather than events.
  var looksLikeBins: Bool { (commonGap ?? 0) >= .second && regularShare >= 0.8 }

  /// The width of bins: the common distance where it is at least half of them, else the smallest when all times are
  /// multiples of it; nil when no width fits.
  func binWidth(_ times: [Microseconds]) -> Microseconds? {
    guard let commonGap, let smallestGap, let first = times.first else { return nil }
    if regularShare >= 0.5 { return commonGap }
    return times.allSatisfy { ($0 - first) % smallestGap == 0 } ? smallestGap : nil
  }
}
