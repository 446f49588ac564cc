/// An SQS queue and the event source mapping that reads it, as `template.yaml` deploys them: failures are reported
/// message by message (ReportBatchItemFailures), so a failed message does not slow the polling down.
///
/// Source: <https://docs.aws.amazon.com/lambda/latest/dg/services-sqs-scaling.html>,
/// <https://docs.aws.amazon.com/lambda/latest/dg/services-sqs-parameters.html>.
package struct QueueModel: Sendable, Hashable {
  /// Messages of one invocation, at most: 1 … 10,000; more than 10 need a window of at least 1 s.
  package var batchSize = 10
  /// How long the mapping gathers a batch, 0 … 300 s.
  package var window = Duration.zero
  /// `MaximumConcurrency` of the mapping, 2 … 1,000; nil for none.
  package var maximumConcurrency: Int?
  /// Pollers of provisioned mode, which excludes `maximumConcurrency`; nil for the usual mode.
  package var pollers: ClosedRange<Int>?
  /// When a failed message comes back. SQS accepts up to 12 h; nil takes six times the function's timeout and the
  /// window.
  package var visibilityTimeout: Duration?
  /// Receives after which a message goes to the dead-letter queue.
  package var maximumReceives = 5
  /// Messages of a batch that the function works on at once: `MAX_PARALLEL`.
  package var parallel = 8

  package init() {}

  /// Concurrent batches with which a mapping starts, and how many more it may have each minute.
  static let initialConcurrency = 5
  static let concurrencyPerMinute = 300
  static let maximumOfAMapping = 1250
  /// Provisioned mode: invocations of one poller, and growth.
  static let concurrencyPerPoller = 10
  static let provisionedConcurrencyPerMinute = 1000

  /// The most invocations at once.
  var ceiling: Int {
    if let pollers { return pollers.upperBound * Self.concurrencyPerPoller }
    return maximumConcurrency ?? Self.maximumOfAMapping
  }

  /// The invocations at once that are possible from the start.
  var floor: Int {
    if let pollers { return min(ceiling, pollers.lowerBound * Self.concurrencyPerPoller) }
    return min(ceiling, Self.initialConcurrency)
  }

  var growthPerSecond: Double {
    Double(
      pollers == nil ? Self.concurrencyPerMinute : Self.provisionedConcurrencyPerMinute) / 60
  }

  var problems: [String] {
    var problems: [String] = []
    if !(1...10_000).contains(batchSize) {
      problems.append("a batch of \(batchSize) messages: 1 to 10000 are accepted")
    }
    if window < .zero || window > .seconds(300) {
      problems.append("a batch window of \(DurationText.text(window)): 0 to 300 s are accepted")
    }
    if batchSize > 10, window < .seconds(1) {
      problems.append("a batch of more than 10 messages needs a window of at least 1 s")
    }
    if let maximumConcurrency, !(2...1000).contains(maximumConcurrency) {
      problems.append(
        "a maximum concurrency of \(maximumConcurrency) for the mapping: 2 to 1000 are accepted")
    }
    if let pollers {
      if maximumConcurrency != nil {
        problems.append("provisioned pollers exclude a maximum concurrency of the mapping")
      }
      if !(2...200).contains(pollers.lowerBound) || !(2...10_000).contains(pollers.upperBound) {
        problems.append("pollers: a minimum of 2 to 200 and a maximum of 2 to 10000 are accepted")
      }
    }
    if maximumReceives < 1 || parallel < 1 {
      problems.append("receives and parallel messages must be at least 1")
    }
    if let visibilityTimeout, visibilityTimeout <= .zero || visibilityTimeout > .seconds(43_200) {
      problems.append("a visibility timeout must lie above 0 and within 12 h")
    }
    return problems
  }
}
