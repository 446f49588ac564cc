/// The outcome of the traffic. Every arrival ends exactly once:
/// `arrivals == completed + throttled + failed + lost.total`.
package struct Outcome: Sendable, Hashable {
  package internal(set) var arrivals = 0
  /// Those that ended well, at the first attempt or later.
  package internal(set) var completed = 0
  /// Synchronous requests answered 429.
  package internal(set) var throttled = 0
  /// Synchronous requests that ended in a function error.
  package internal(set) var failed = 0
  /// Asynchronous events given up.
  package internal(set) var lost = Lost()

  /// Requests that did not end well, for whatever reason.
  package internal(set) var unserved = 0
  /// Of these, the ones that failed for reasons of their own (``FunctionModel/errorShare``), which no setting changes.
  package internal(set) var failedByItself = 0
  /// Requests that the capacity refused: throttled, lost while waiting, timed out behind a queue.
  package var refused: Int { unserved - failedByItself }

  /// Invocations that began: what is billed as requests.
  package internal(set) var invocations = 0
  /// Those that had to create an environment.
  package internal(set) var coldStarts = 0
  /// Those that ran on provisioned environments.
  package internal(set) var onProvisioned = 0
  /// Those that ran on demand although provisioned concurrency was allocated.
  package internal(set) var spilledOver = 0
  /// Those that ended in a function error, including timeouts.
  package internal(set) var functionErrors = 0
  /// Those that ended by the function's timeout.
  package internal(set) var timeouts = 0
  /// Attempts that were throttled, by reason.
  package internal(set) var throttles = Throttles()
  /// Attempts after the first of an asynchronous event: after throttling, and after a function error.
  package internal(set) var retriesAfterThrottle = 0
  /// See ``retriesAfterThrottle``.
  package internal(set) var retriesAfterError = 0
  /// The most events that waited in the asynchronous queue for another attempt.
  package internal(set) var longestQueue = 0

  /// From arrival to the end, of completed requests; waiting for retries included.
  package internal(set) var latency = LatencyHistogram()
  /// The most invocations at once.
  package internal(set) var peakConcurrency = 0
  /// Average over the traffic's duration.
  package internal(set) var meanConcurrency = 0.0
  /// What AWS bills, during the traffic's duration.
  package internal(set) var billed = BilledQuantities()
  /// The course of things, for plots; a bounded number of points.
  package internal(set) var series: [SeriesPoint] = []
  /// Each hour of the clock: how many arrived, and how many of these ended late or not at all.
  package internal(set) var hours: [Hour] = []
  /// Latencies of the requests that arrived in ``Simulation/Options/focus``.
  package internal(set) var focused: LatencyHistogram?
  /// Every request, when they are recorded, in the order of their ends.
  package internal(set) var rows: [Row] = []
  /// Cold starts of a serverless endpoint, and requests that it throttled.
  package internal(set) var endpointColdStarts = 0
  /// See ``endpointColdStarts``.
  package internal(set) var endpointThrottles = 0

  /// An hour of the clock.
  package struct Hour: Sendable, Hashable {
    /// Seconds since the start of the traffic; the first hour may begin before it.
    package var startSeconds: Double
    package var arrivals = 0
    /// Ended after the limit, or not well.
    package var late = 0
  }

  package struct Row: Sendable, Hashable {
    /// Microseconds since the start of the traffic.
    package var arrived: Int64
    /// Microseconds; nil for one that did not end well.
    package var latency: Int64?
    package var isCold: Bool
  }

  /// Asynchronous events given up, by reason.
  package struct Lost: Sendable, Hashable {
    /// Older than the maximum event age.
    package internal(set) var expired = 0
    package internal(set) var retriesExhausted = 0
    /// Sent straight to the dead-letter queue: the function is stopped by a reservation of 0.
    package internal(set) var stopped = 0
    package var total: Int { expired + retriesExhausted + stopped }
  }

  /// Throttled attempts by reason; the names are Lambda's `Reason` of the 429.
  package struct Throttles: Sendable, Hashable {
    /// ConcurrentInvocationLimitExceeded: the account's concurrency.
    package internal(set) var accountConcurrency = 0
    /// ReservedFunctionConcurrentInvocationLimitExceeded.
    package internal(set) var reservedConcurrency = 0
    /// FunctionInvocationRateLimitExceeded or ReservedFunctionInvocationRateLimitExceeded: ten times the concurrency.
    package internal(set) var requestRate = 0
    /// More than 1,000 new environments in 10 s.
    package internal(set) var scalingRate = 0
    package var total: Int { accountConcurrency + reservedConcurrency + requestRate + scalingRate }
  }

  /// Share of invocations that were cold, 0 … 1.
  package var coldShare: Double { invocations == 0 ? 0 : Double(coldStarts) / Double(invocations) }

  /// Share of arrivals that never ended well, 0 … 1.
  package var unservedShare: Double {
    arrivals == 0 ? 0 : Double(arrivals - completed) / Double(arrivals)
  }
}

/// What AWS bills, in its units.
package struct BilledQuantities: Sendable, Hashable {
  package var requests = 0
  /// Milliseconds of on-demand invocations, each rounded up, init included.
  package var onDemandMilliseconds = 0
  /// Milliseconds of invocations on provisioned environments, each rounded up.
  package var provisionedMilliseconds = 0
  /// Environment-seconds of provisioned concurrency, used or not; each period rounded up to 5 min.
  package var provisionedEnvironmentSeconds = 0.0
  /// Instance-hours of the endpoint.
  package var instanceHours = 0.0
  /// Milliseconds of requests on a serverless endpoint's environments on demand, each rounded up, cold starts excluded.
  package var serverlessMilliseconds = 0
  /// The same on its provisioned concurrency.
  package var serverlessProvisionedMilliseconds = 0
  /// Environment-seconds of a serverless endpoint's provisioned concurrency, used or not.
  package var serverlessProvisionedEnvironmentSeconds = 0.0
  /// Requests to a serverless endpoint, for the data that they carry.
  package var serverlessRequests = 0
  /// Poller-hours of a provisioned event source mapping.
  package var pollerHours = 0.0

  package init(
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
package struct SeriesPoint: Sendable, Hashable {
  /// Start, seconds since the start of the traffic.
  package var startSeconds = 0.0
  package var lengthSeconds = 0.0
  package var arrivals = 0
  /// Requests that ended well in it.
  package var completed = 0
  package var throttles = 0
  package var coldStarts = 0
  /// Requests refused in it (``Outcome/refused``).
  package var refused = 0
  /// First arrivals of its busiest minute.
  package var mostArrivalsOfAMinute = 0
  /// Average invocations at once.
  package var meanConcurrency = 0.0
  package var peakConcurrency = 0
  /// Average provisioned environments that were ready.
  package var provisioned = 0.0
  /// Average instances in service.
  package var instances = 0.0
  /// Latency of the requests that ended in it; nil when none did.
  package var p50: Duration?
  package var p99: Duration?
  package var longest: Duration?
}
