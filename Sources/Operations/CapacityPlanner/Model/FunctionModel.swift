/// The Lambda function as the planner sees it.
package struct FunctionModel: Sendable, Hashable {
  /// Processor architecture, which has its own prices.
  package enum Architecture: String, Sendable, Hashable, Codable, CaseIterable {
    /// Intel and AMD.
    case x86 = "x86_64"
    /// Graviton.
    case arm = "arm64"
  }

  /// Who calls it, which decides what becomes of a throttled or failed request.
  package enum Source: String, Sendable, Hashable, Codable, CaseIterable {
    /// S3, SNS, EventBridge: Lambda queues the event, re-queues it when throttled, retries function errors.
    case asynchronous = "s3"
    /// An HTTP client: a throttled request is answered 429 and ends, a function error ends too.
    case synchronous = "http"
  }

  /// Memory, MB: 128 … 10,240. It decides the price only; durations are given, not derived.
  package var memoryMegabytes: Int
  /// Architecture of the zip.
  package var architecture: Architecture
  /// The function's own time in a warm invocation, without waiting for the endpoint: fetch, sign, answer. It passes
  /// before the endpoint is called.
  package var duration: DurationModel
  /// Time that a cold start adds. Billed, not part of the time-out.
  package var initDuration: Duration
  /// The function's time-out, 1 s … 15 min. What exceeds it is a function error.
  package var timeout: Duration
  /// How long an idle on-demand environment is kept. Not documented by AWS; 10 min is what is usually measured.
  package var idleLifetime: Duration
  /// Who calls it.
  package var source: Source
  /// Share of invocations that end in a function error for reasons of their own, 0 … 1.
  package var errorShare: Double
  /// Retries of an asynchronous event after function errors, 0 … 2, after 1 and 2 min.
  package var maximumErrorRetries: Int
  /// How long an asynchronous event may wait before it is discarded, 60 s … 6 h.
  package var maximumEventAge: Duration

  /// A function; every parameter has Lambda's default or the one described at its property.
  package init(
    memoryMegabytes: Int = 1024, architecture: Architecture = .x86,
    duration: DurationModel = .constant(.milliseconds(100)),
    initDuration: Duration = .milliseconds(10), timeout: Duration = .seconds(60),
    idleLifetime: Duration = .seconds(600), source: Source = .asynchronous, errorShare: Double = 0,
    maximumErrorRetries: Int = 2, maximumEventAge: Duration = .seconds(21_600)
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
  }

  var problems: [String] {
    var problems: [String] = []
    if !(128...10_240).contains(memoryMegabytes) {
      problems.append("memory of \(memoryMegabytes) MB: Lambda takes 128 to 10240")
    }
    if !duration.isValid {
      problems.append("the function's durations must be given and not be negative")
    }
    if initDuration < .zero { problems.append("the init duration must not be negative") }
    if timeout < .seconds(1) || timeout > .seconds(900) {
      problems.append("a time-out of \(timeout): Lambda takes 1 s to 15 min")
    }
    if idleLifetime < .zero { problems.append("the idle lifetime must not be negative") }
    if !(0...1).contains(errorShare) { problems.append("the share of errors must lie in 0…1") }
    if !(0...2).contains(maximumErrorRetries) {
      problems.append("\(maximumErrorRetries) retries of function errors: Lambda takes 0 to 2")
    }
    if maximumEventAge < .seconds(60) || maximumEventAge > .seconds(21_600) {
      problems.append("a maximum event age of \(maximumEventAge): Lambda takes 60 s to 6 h")
    }
    return problems
  }
}
