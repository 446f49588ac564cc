/// Counts of the whole simulation and of the current point of the series.
struct Meter: ~Copyable {
  /// What is known of a point at its beginning, to be subtracted at its end.
  private struct Mark {
    var arrivals = 0
    var completed = 0
    var throttles = 0
    var coldStarts = 0
  }

  var outcome = Outcome()
  private var latencies = LatencyRecorder()
  private var mark = Mark()
  private var pointStart: Microseconds = 0
  /// In flight now; the most of the point; the sum of the ends minus the sum of the beginnings of its invocations.
  private(set) var concurrency = 0
  private var peak = 0
  private var concurrencyIntegral: Microseconds = 0
  private var integralOfTraffic = 0.0

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
  mutating func completed(latency: Microseconds) { latencies.record(latency) }

  /// The concurrency integrated since the last call; the sums restart at `now` so that they stay small.
  private mutating func takeConcurrencyIntegral(_ now: Microseconds) -> Double {
    let sum = concurrencyIntegral &+ Microseconds(concurrency) &* now
    concurrencyIntegral = -(Microseconds(concurrency) &* now)
    return Double(sum)
  }

  mutating func endPoint(
    _ now: Microseconds, isAfterTraffic: Bool, provisioned: Double, instances: Double
  ) {
    outcome.completed = latencies.countSoFar
    let integral = takeConcurrencyIntegral(now)
    if !isAfterTraffic { integralOfTraffic += integral }
    let length = Double(max(1, now - pointStart))
    let percentiles = latencies.endPoint([0.5, 0.99, 0.999])
    let throttles = outcome.throttles.total
    outcome.series.append(
      SeriesPoint(
        startSeconds: Double(pointStart) / 1e6, lengthSeconds: length / 1e6,
        arrivals: outcome.arrivals - mark.arrivals, completed: outcome.completed - mark.completed,
        throttles: throttles - mark.throttles, coldStarts: outcome.coldStarts - mark.coldStarts,
        meanConcurrency: integral / length, peakConcurrency: peak,
        provisioned: provisioned / length, instances: instances / length, p50: percentiles[0],
        p99: percentiles[1], p999: percentiles[2]))
    mark = Mark(
      arrivals: outcome.arrivals, completed: outcome.completed, throttles: throttles,
      coldStarts: outcome.coldStarts)
    outcome.peakConcurrency = max(outcome.peakConcurrency, peak)
    peak = concurrency
    pointStart = now
  }

  /// The result; `duration` is the traffic's.
  mutating func finish(duration: Microseconds) -> Outcome {
    outcome.latency = latencies.total
    outcome.meanConcurrency = integralOfTraffic / Double(duration)
    return outcome
  }
}
