/// Counts of the whole simulation and of the current point of the series. Requests that arrived in the lead-in are not
/// counted; they only use capacity.
struct Meter: ~Copyable {
  /// What is known of a point at its beginning, to be subtracted at its end.
  private struct Mark {
    var arrivals = 0
    var completed = 0
    var throttles = 0
    var coldStarts = 0
    var refused = 0
  }

  var outcome = Outcome()
  /// Where the traffic begins, after the lead-in.
  let start: Microseconds
  private let limit: Microseconds
  /// From the traffic's start back to the full hour of the clock.
  private let sinceFullHour: Microseconds
  private let recordsRows: Bool
  private var latencies = LatencyRecorder()
  private var focused = LatencyRecorder()
  private let focus: Range<Microseconds>
  private var mark = Mark()
  private var pointStart: Microseconds
  /// In flight now; the most of the point; the sum of the ends minus the sum of the beginnings of its invocations.
  private(set) var concurrency = 0
  private var peak = 0
  private var concurrencyIntegral: Microseconds = 0
  private var integralOfTraffic = 0.0
  private var hourEnds: Microseconds
  private var minuteEnds: Microseconds
  private var arrivalsOfMinute = 0
  private var arrivalsOfHour = 0
  private var mostArrivals = 0

  init(_ options: Simulation.Options, start: Microseconds) {
    self.start = start
    limit = options.limit?.microseconds ?? .never
    // Minutes are counted from the start, so hours must begin with one of them.
    let since = options.sinceFullHour.microseconds
    sinceFullHour = since - since % Microseconds.minute
    recordsRows = options.recordsRows
    focus =
      options.focus.map { start + $0.lowerBound.microseconds..<start + $0.upperBound.microseconds }
      ?? 0..<0
    pointStart = start
    hourEnds = start - sinceFullHour
    minuteEnds = start
  }

  @inline(__always) func isCounted(_ arrived: Microseconds) -> Bool { arrived >= start }

  /// A request arrives for the first time.
  @inline(__always)
  mutating func arrived(_ now: Microseconds) {
    outcome.arrivals += 1
    if now >= minuteEnds { beginMinute(now) }
    arrivalsOfMinute += 1
    arrivalsOfHour += 1
  }

  @inline(never)
  private mutating func beginMinute(_ now: Microseconds) {
    mostArrivals = max(mostArrivals, arrivalsOfMinute)
    arrivalsOfMinute = 0
    minuteEnds = start + ((now - start) / Microseconds.minute + 1) * Microseconds.minute
    while now >= hourEnds {
      endHour()
      outcome.hours.append(Outcome.Hour(startSeconds: Double(hourEnds - start) / 1e6))
      hourEnds += Microseconds.hour
    }
  }

  private mutating func endHour() {
    if let last = outcome.hours.indices.last { outcome.hours[last].arrivals = arrivalsOfHour }
    arrivalsOfHour = 0
  }

  @inline(__always)
  mutating func began(_ now: Microseconds) {
    concurrency += 1
    if concurrency > peak { peak = concurrency }
    concurrencyIntegral &-= now
  }

  @inline(__always)
  mutating func ended(_ now: Microseconds) {
    concurrency -= 1
    concurrencyIntegral &+= now
  }

  @inline(__always)
  mutating func completed(arrived: Microseconds, _ now: Microseconds, isCold: Bool) {
    if arrived < start { return }
    let latency = now - arrived
    latencies.record(latency)
    if latency > limit { late(arrived) }
    if focus.contains(arrived) { focused.record(latency) }
    if recordsRows { record(arrived, latency, isCold) }
  }

  /// A request ended otherwise; who calls it has counted why.
  mutating func gaveUp(arrived: Microseconds, _ now: Microseconds, isCold: Bool) {
    if arrived < start { return }
    outcome.unserved += 1
    late(arrived)
    if recordsRows { record(arrived, nil, isCold) }
  }

  @inline(never)
  private mutating func late(_ arrived: Microseconds) {
    outcome.hours[Int((arrived - start + sinceFullHour) / Microseconds.hour)].late += 1
  }

  private mutating func record(_ arrived: Microseconds, _ latency: Microseconds?, _ isCold: Bool) {
    outcome.rows.append(
      Outcome.Row(arrived: arrived - start, latency: latency, isCold: isCold))
  }

  /// The concurrency integrated since the last call; the sums restart at `now` so that they stay small.
  private mutating func takeConcurrencyIntegral(_ now: Microseconds) -> Double {
    let sum = concurrencyIntegral &+ Microseconds(concurrency) &* now
    concurrencyIntegral = -(Microseconds(concurrency) &* now)
    return Double(sum)
  }

  /// The lead-in is over.
  mutating func begin(_ now: Microseconds) {
    _ = takeConcurrencyIntegral(now)
    peak = concurrency
    pointStart = now
  }

  mutating func endPoint(
    _ now: Microseconds, isAfterTraffic: Bool, provisioned: Double, instances: Double
  ) {
    outcome.completed = latencies.countSoFar
    let integral = takeConcurrencyIntegral(now)
    if !isAfterTraffic { integralOfTraffic += integral }
    let length = Double(max(1, now - pointStart))
    let percentiles = latencies.endPoint([0.5, 0.99, 1])
    let throttles = outcome.throttles.total
    outcome.series.append(
      SeriesPoint(
        startSeconds: Double(pointStart - start) / 1e6, lengthSeconds: length / 1e6,
        arrivals: outcome.arrivals - mark.arrivals, completed: outcome.completed - mark.completed,
        throttles: throttles - mark.throttles, coldStarts: outcome.coldStarts - mark.coldStarts,
        refused: outcome.refused - mark.refused,
        mostArrivalsOfAMinute: max(mostArrivals, arrivalsOfMinute),
        meanConcurrency: integral / length, peakConcurrency: peak,
        provisioned: provisioned / length, instances: instances / length, p50: percentiles[0],
        p99: percentiles[1], longest: percentiles[2]))
    mark = Mark(
      arrivals: outcome.arrivals, completed: outcome.completed, throttles: throttles,
      coldStarts: outcome.coldStarts, refused: outcome.refused)
    outcome.peakConcurrency = max(outcome.peakConcurrency, peak)
    peak = concurrency
    (mostArrivals, arrivalsOfMinute) = (0, 0)
    pointStart = now
  }

  /// The result; `duration` is the traffic's.
  mutating func finish(duration: Microseconds) -> Outcome {
    endHour()
    outcome.latency = latencies.total
    if !focus.isEmpty {
      _ = focused.endPoint([])
      outcome.focused = focused.total
    }
    outcome.meanConcurrency = integralOfTraffic / Double(duration)
    return outcome
  }
}
