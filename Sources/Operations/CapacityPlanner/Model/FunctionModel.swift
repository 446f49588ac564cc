/// The Lambda function as the planner sees it.
package struct FunctionModel: Sendable, Hashable {
  package enum Architecture: String, Sendable, Hashable, Codable, CaseIterable {
    case x86 = "x86_64"
    case arm = "arm64"
  }

  /// Who calls it. Decides what becomes of a throttled or failed request.
  package enum Source: String, Sendable, Hashable, Codable, CaseIterable {
    /// S3, SNS, EventBridge: Lambda queues the event, queues it again when throttled, and retries function errors.
    case asynchronous = "s3"
    /// An HTTP client: a throttled request is answered 429, unless the client retries (``clientRetries``).
    case synchronous = "http"
    /// An SQS queue with an event source mapping (``queue``).
    case queue = "sqs"
  }

  /// MB, 128 … 10,240. It decides the price only: durations are measured, not derived.
  package var memoryMegabytes: Int
  /// `/tmp`, MB, 512 … 10,240; what exceeds 512 is billed.
  package var ephemeralStorageMegabytes = 512
  package var architecture: Architecture
  /// The function's own time in a warm invocation, without the wait for the endpoint: fetch, sign, answer. It passes
  /// before the endpoint is called.
  package var duration: DurationModel
  /// Time that a cold start adds. Billed, and outside the timeout up to 10 s: see ``InitRule``.
  package var initDuration: Duration
  /// 1 s … 15 min. An invocation that exceeds it is a function error.
  package var timeout: Duration
  /// How long an idle on-demand environment is kept. AWS does not document it; 10 min is usually measured.
  package var idleLifetime: Duration
  package var source: Source
  /// Share of invocations that end in a function error for reasons of their own, 0 … 1.
  package var errorShare: Double
  /// Retries of an asynchronous event after function errors, 0 … 2, after 1 and 2 min.
  package var maximumErrorRetries: Int
  /// How long an asynchronous event may wait before it is discarded, 60 s … 6 h.
  package var maximumEventAge: Duration
  /// How a synchronous caller retries; nil for one that does not.
  package var clientRetries: ClientRetries?
  /// The queue and its mapping; used with the source `queue`.
  package var queue = QueueModel()

  /// Every parameter has Lambda's default or the one described at its property.
  package init(
    memoryMegabytes: Int = 1024, architecture: Architecture = .x86,
    duration: DurationModel = .constant(.milliseconds(100)),
    initDuration: Duration = .milliseconds(10), timeout: Duration = .seconds(60),
    idleLifetime: Duration = .seconds(600), source: Source = .asynchronous, errorShare: Double = 0,
    maximumErrorRetries: Int = 2, maximumEventAge: Duration = .seconds(21_600),
    clientRetries: ClientRetries? = nil
  ) {
    self.memoryMegabytes = memoryMegabytes
    self.architecture = architecture
    self.duration = duration
    self.initDuration = initDuration
    self.timeout = timeout
    self.idleLifetime = idleLifetime
    self.source = source
    self.errorShare = errorShare
    self.maximumErrorRetries = maximumErrorRetries
    self.maximumEventAge = maximumEventAge
    self.clientRetries = clientRetries
  }

  var problems: [String] {
    var problems: [String] = []
    if !(128...10_240).contains(memoryMegabytes) {
      problems.append("memory of \(memoryMegabytes) MB: Lambda accepts 128 to 10240")
    }
    if !(512...10_240).contains(ephemeralStorageMegabytes) {
      problems.append("/tmp of \(ephemeralStorageMegabytes) MB: Lambda accepts 512 to 10240")
    }
    if !duration.isValid {
      problems.append("the function's durations must be given and must not be negative")
    }
    if initDuration < .zero { problems.append("the init duration must not be negative") }
    if timeout < .seconds(1) || timeout > .seconds(900) {
      problems.append("a timeout of \(DurationText.text(timeout)): Lambda accepts 1 s to 15 min")
    }
    if idleLifetime < .zero { problems.append("the idle lifetime must not be negative") }
    if !(0...1).contains(errorShare) { problems.append("the share of errors must lie in 0…1") }
    if !(0...2).contains(maximumErrorRetries) {
      problems.append("\(maximumErrorRetries) retries of function errors: Lambda accepts 0 to 2")
    }
    if maximumEventAge < .seconds(60) || maximumEventAge > .seconds(21_600) {
      problems.append(
        "a maximum event age of \(DurationText.text(maximumEventAge)): Lambda accepts 60 s to 6 h")
    }
    problems += clientRetries?.problems ?? []
    if source == .queue { problems += queue.problems }
    return problems
  }
}

/// A caller that repeats a throttled or failed request: after `base`, then twice as long each time, at most `longest`.
/// Without jitter, so that a simulation of given arrivals has no randomness of its own.
package struct ClientRetries: Sendable, Hashable {
  /// Attempts in all, 1 … 12.
  package var attempts: Int
  package var base: Duration
  package var longest: Duration

  package init(
    attempts: Int = 3, base: Duration = .milliseconds(100), longest: Duration = .seconds(20)
  ) {
    (self.attempts, self.base, self.longest) = (attempts, base, longest)
  }

  /// The waits before the second and every later attempt.
  var delays: [Microseconds] {
    (0..<max(0, attempts - 1)).map { step in
      min(longest.microseconds, base.microseconds << Microseconds(step))
    }
  }

  var problems: [String] {
    var problems: [String] = []
    if !(1...12).contains(attempts) {
      problems.append("\(attempts) attempts of the client: 1 to 12 are accepted")
    }
    if base < .zero || longest < base || base > .seconds(3600) {
      problems.append("the client's back-off must rise from at least 0 and begin within an hour")
    }
    return problems
  }
}

/// Lambda's limit on the init phase.
///
/// An init that takes longer than 10 s is ended and repeated at the first invocation, inside the function's timeout.
/// With provisioned concurrency it may take 130 s or the function's timeout, whichever is longer.
///
/// Source: <https://docs.aws.amazon.com/lambda/latest/dg/lambda-runtime-environment.html>.
enum InitRule {
  static let onDemandLimit = 10 * Microseconds.second

  static func provisionedLimit(timeout: Duration) -> Duration { max(.seconds(130), timeout) }
}
