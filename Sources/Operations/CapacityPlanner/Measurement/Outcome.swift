/// What became of the traffic. Every arrival ends exactly once:
/// `arrivals == completed + throttled + failed + lost.total`.
public struct Outcome: Sendable, Hashable {
  /// Requests that arrived.
  public internal(set) var arrivals = 0
  /// Those that ended well, at the first attempt or later.
  public internal(set) var completed = 0
  /// Synchronous requests answered 429.
  public internal(set) var throttled = 0
  /// Synchronous requests that ended in a function error.
  public internal(set) var failed = 0
  /// Asynchronous events given up.
  public internal(set) var lost = Lost()

  /// Invocations that began: what is billed as requests.
  public internal(set) var invocations = 0
  /// Those that had to create an environment.
  public internal(set) var coldStarts = 0
  /// Those that ran on provisioned environments.
  public internal(set) var onProvisioned = 0
  /// Those that ran on demand although provisioned concurrency was allocated.
  public internal(set) var spilledOver = 0
  /// Those that ended in a function error, time-outs included.
  public internal(set) var functionErrors = 0
  /// Those that ended by the function's time-out.
  public internal(set) var timeouts = 0
  /// Attempts that were throttled, by reason.
  public internal(set) var throttles = Throttles()
  /// Attempts after the first of an asynchronous event: after throttling, and after a function error.
  public internal(set) var retriesAfterThrottle = 0
  /// See ``retriesAfterThrottle``.
  public internal(set) var retriesAfterError = 0
  /// The most events that waited in the asynchronous queue for another attempt.
  public internal(set) var longestQueue = 0

  /// From arrival to the end, of completed requests; waiting for retries included.
  public internal(set) var latency = LatencyHistogram()
  /// The most invocations at once.
  public internal(set) var peakConcurrency = 0
  /// Average over the traffic's duration.
  public internal(set) var meanConcurrency = 0.0
  /// What AWS bills, during the traffic's duration.
  public internal(set) var billed = BilledQuantities()
  /// The course of things, for plots; a bounded number of points.
  public internal(set) var series: [SeriesPoint] = []

  /// Asynchronous events given up, by reason.
  public struct Lost: Sendable, Hashable {
    /// Older than the maximum event age.
    public internal(set) var expired = 0
    /// Failed at every attempt.
    public internal(set) var retriesExhausted = 0
    /// Sent straight to the dead-letter queue: the function is stopped by a reservation of 0.
    public internal(set) var stopped = 0
    /// All of them.
    public var total: Int { expired + retriesExhausted + stopped }
  }

  /// Throttled attempts by reason; the names are Lambda's `Reason` of the 429.
  public struct Throttles: Sendable, Hashable {
    /// ConcurrentInvocationLimitExceeded: the account's concurrency.
    public internal(set) var accountConcurrency = 0
    /// ReservedFunctionConcurrentInvocationLimitExceeded.
    public internal(set) var reservedConcurrency = 0
    /// FunctionInvocationRateLimitExceeded or ReservedFunctionInvocationRateLimitExceeded: ten times the concurrency.
    public internal(set) var requestRate = 0
    /// More than 1,000 new environments in 10 s.
    public internal(set) var scalingRate = 0
    /// All of them.
    public var total: Int { accountConcurrency + reservedConcurrency + requestRate + scalingRate }
  }

  /// Share of invocations that were cold, 0 … 1.
  public var coldShare: Double { invocations == 0 ? 0 : Double(coldStarts) / Double(invocations) }

  /// Share of arrivals that never ended well, 0 … 1.
  public var unservedShare: Double {
    arrivals == 0 ? 0 : Double(arrivals - completed) / Double(arrivals)
  }
}

/// What AWS bills, in its units.
public struct BilledQuantities: Sendable, Hashable {
  /// Invocations.
  public var requests = 0
  /// Milliseconds of on-demand invocations, each rounded up, init included.
  public var onDemandMilliseconds = 0
  /// Milliseconds of invocations on provisioned environments, each rounded up.
  public var provisionedMilliseconds = 0
  /// Environment-seconds of provisioned concurrency, used or not; each period rounded up to 5 min.
  public var provisionedEnvironmentSeconds = 0.0
  /// Instance-hours of the endpoint.
  public var instanceHours = 0.0

  /// Quantities to price.
  public init(
    requests: Int = 0, onDemandMilliseconds: Int = 0, provisionedMilliseconds: Int = 0,
    provisionedEnvironmentSeconds: Double = 0, instanceHours: Double = 0
  ) {
    self.requests = requests
    self.onDemandMilliseconds = onDemandMilliseconds
    self.provisionedMilliseconds = provisionedMilliseconds
    self.provisionedEnvironmentSeconds = provisionedEnvironmentSeconds
    self.instanceHours = instanceHours
  }
}

/// One stretch of time of a simulation. What ends after the traffic does, retries for instance, has a point of its own.
public struct SeriesPoint: Sendable, Hashable {
  /// Start, seconds since the start of the traffic.
  public var startSeconds = 0.0
  /// Length, seconds.
  public var lengthSeconds = 0.0
  /// First arrivals in it.
  public var arrivals = 0
  /// Requests that ended well in it.
  public var completed = 0
  /// Attempts throttled in it.
  public var throttles = 0
  /// Cold starts in it.
  public var coldStarts = 0
  /// Average invocations at once.
  public var meanConcurrency = 0.0
  /// Most invocations at once.
  public var peakConcurrency = 0
  /// Average provisioned environments that were ready.
  public var provisioned = 0.0
  /// Average instances in service.
  public var instances = 0.0
  /// Latency of the requests that ended in it; nil when none did.
  public var p50: Duration?
  /// 99th percentile.
  public var p99: Duration?
  /// 99.9th percentile.
  public var p999: Duration?
}
