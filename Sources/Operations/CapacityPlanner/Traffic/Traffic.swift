/// When requests arrive. Arrivals are streamed from this description, never held: a day of a hundred million
/// requests takes the memory of its bins.
package struct Traffic: Sendable, Hashable {
  enum Shape: Sendable, Hashable {
    /// Exact times in order; each stands for `factor` arrivals, the others spread over the gap that follows.
    case times([Microseconds], factor: Double)
    /// A number of arrivals in each bin, at uniformly random moments of it.
    case counts([Double], width: Microseconds)
    /// A Poisson process whose rate, arrivals a second, holds for a bin.
    case rates([Double], width: Microseconds)
  }

  let shape: Shape

  /// How long the traffic lasts: what standing costs are counted for.
  package let duration: Duration

  /// The moment of time zero, seconds since 1970 (UTC), when the trace says so; schedules by the clock need it.
  package let startUnixSeconds: Double?

  /// Whether that moment is of a calendar; a synthetic day has hours only.
  package var hasDate = true

  /// Whether arrival times were given out of order and had to be sorted.
  package let wasUnordered: Bool

  /// Exact arrival times, for instance of a log.
  ///
  /// - Parameters:
  ///   - arrivals: since the start of the trace, none negative; sorted when they are not.
  ///   - duration: how long the trace lasted; the last arrival's second, rounded up, when nil.
  /// - Throws: ``TrafficError`` when there are none, one is negative, or the duration ends before the last.
  package init(
    arrivals: [Duration], duration: Duration? = nil, startUnixSeconds: Double? = nil
  ) throws(TrafficError) {
    try self.init(
      microseconds: arrivals.map(\.microseconds), duration: duration,
      startUnixSeconds: startUnixSeconds)
  }

  init(
    microseconds arrivals: [Microseconds], duration: Duration? = nil,
    startUnixSeconds: Double? = nil
  ) throws(TrafficError) {
    var times = arrivals
    wasUnordered = zip(times, times.dropFirst()).contains { $0 > $1 }
    if wasUnordered { times.sort() }
    guard let first = times.first, let last = times.last else { throw .empty }
    guard first >= 0 else { throw .negative("an arrival time") }
    let length =
      duration?.microseconds ?? (last / Microseconds.second + 1) * Microseconds.second
    guard length >= last, length > 0 else { throw .tooShort }
    shape = .times(times, factor: 1)
    self.duration = .microseconds(length)
    self.startUnixSeconds = startUnixSeconds
  }

  /// Counts per bin, for instance a load balancer's request count. A bin's arrivals are exactly as many as its
  /// count, at independent uniform moments: a Poisson process of which the count is known. A fraction (after
  /// scaling) is carried to the next bin.
  ///
  /// - Throws: ``TrafficError`` when the sum is 0, a count is negative or not finite, or the bin has no width.
  package init(
    counts: [Double], binWidth: Duration, startUnixSeconds: Double? = nil
  ) throws(TrafficError) {
    try self.init(
      bins: counts, binWidth, startUnixSeconds, "a count"
    ) { .counts($0, width: $1) }
  }

  /// A Poisson process whose rate changes from bin to bin.
  ///
  /// - Parameter ratesPerSecond: arrivals a second during each bin.
  /// - Throws: ``TrafficError`` when all are 0, one is negative or not finite, or the bin has no width.
  package init(
    ratesPerSecond: [Double], binWidth: Duration, startUnixSeconds: Double? = nil
  ) throws(TrafficError) {
    try self.init(
      bins: ratesPerSecond, binWidth, startUnixSeconds, "a rate"
    ) { .rates($0, width: $1) }
  }

  private init(
    bins: [Double], _ binWidth: Duration, _ start: Double?, _ what: String,
    _ makeShape: ([Double], Microseconds) -> Shape
  ) throws(TrafficError) {
    let width = binWidth.microseconds
    guard width > 0 else { throw .noWidth }
    guard bins.allSatisfy(\.isFinite) else { throw .notFinite(what) }
    guard bins.allSatisfy({ $0 >= 0 }) else { throw .negative(what) }
    guard bins.contains(where: { $0 > 0 }) else { throw .empty }
    shape = makeShape(bins, width)
    duration = .microseconds(width * Microseconds(bins.count))
    startUnixSeconds = start
    wasUnordered = false
  }

  init(shape: Shape, like other: Traffic) {
    self.shape = shape
    duration = other.duration
    startUnixSeconds = other.startUnixSeconds
    hasDate = other.hasDate
    wasUnordered = other.wasUnordered
  }
}

/// Why a description is not traffic.
package enum TrafficError: Error, Equatable, CustomStringConvertible {
  case empty
  /// A number below 0; the text says which kind.
  case negative(String)
  /// Not a number, or infinite; the text says which kind.
  case notFinite(String)
  case noWidth
  /// The duration ends before the last arrival.
  case tooShort
  /// A synthetic day's peak is below its mean rate, or above a thousand times it.
  case peak(rate: Double, peak: Double)

  /// What is wrong and what is accepted, for a person.
  package var description: String {
    switch self {
    case .empty: "the traffic is empty: there must be at least one arrival"
    case .negative(let what): "\(what) is negative"
    case .notFinite(let what): "\(what) is not a finite number"
    case .noWidth: "the bins must be at least a microsecond wide"
    case .tooShort: "the duration ends before the last arrival"
    case .peak(let rate, let peak):
      "a peak of \(peak) requests a second does not fit a mean of \(rate): it must lie between the mean and a thousand times the mean"
    }
  }
}
