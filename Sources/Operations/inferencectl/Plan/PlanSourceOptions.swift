import ArgumentParser
import CapacityPlanner
import Foundation

/// Who calls the function, and how that caller retries.
struct PlanSourceOptions: ParsableArguments {
  @Option(
    help:
      "Caller: s3 (asynchronous, queued and retried), sqs (a queue and its event source mapping), or http (a throttled request is lost unless the client retries). (default: s3)"
  )
  var source: FunctionModel.Source?
  @Option(
    help: ArgumentHelp(
      "With s3: retries after function errors, 0 to 2 (default: 2).", valueName: "count"))
  var retryAttempts: Int?
  @Option(
    help: ArgumentHelp(
      "With s3: how long an event may wait, 60s to 6h (default: 6h).", valueName: "duration"))
  var maxEventAge: DurationArgument?
  @Option(
    help: ArgumentHelp(
      "With http: attempts of the client, 1 to 12; it waits 100 ms before the second, then twice as long each time, at most 20 s.",
      valueName: "count"))
  var clientAttempts: Int?
  @Option(help: ArgumentHelp("With sqs: messages per batch, 1 to 10000.", valueName: "count"))
  var batchSize: Int?
  @Option(help: ArgumentHelp("With sqs: batch window, 0s to 300s.", valueName: "duration"))
  var batchWindow: DurationArgument?
  @Option(
    help: ArgumentHelp(
      "With sqs: maximum concurrency of the mapping, 2 to 1000.", valueName: "count"))
  var queueConcurrency: Int?
  @Option(
    help: ArgumentHelp(
      "With sqs: pollers of provisioned mode, for example 2-20.", valueName: "minimum-maximum"))
  var pollers: PollersArgument?
  @Option(
    help: ArgumentHelp(
      "With sqs: visibility timeout (default: six times the function timeout and the window).",
      valueName: "duration"))
  var visibilityTimeout: DurationArgument?
  @Option(
    help: ArgumentHelp("With sqs: receives before the dead-letter queue.", valueName: "count"))
  var maxReceives: Int?

  func validate() throws {
    let isQueue = source == .queue
    let queueOptions: [Any?] = [
      batchSize, batchWindow, queueConcurrency, pollers, visibilityTimeout, maxReceives,
    ]
    if !isQueue, queueOptions.contains(where: { $0 != nil }) {
      throw ValidationError(
        "--batch-size, --batch-window, --queue-concurrency, --pollers, --visibility-timeout, and --max-receives need --source sqs."
      )
    }
    if clientAttempts != nil, source != .synchronous {
      throw ValidationError("--client-attempts needs --source http.")
    }
    if retryAttempts != nil || maxEventAge != nil, (source ?? .asynchronous) != .asynchronous {
      throw ValidationError("--retry-attempts and --max-event-age need --source s3.")
    }
  }

  func apply(to model: inout FunctionModel, _ read: MeasuredFunction?) {
    model.source = source ?? .asynchronous
    model.maximumErrorRetries = retryAttempts ?? read?.retryAttempts ?? 2
    model.maximumEventAge = maxEventAge?.duration ?? read?.maximumEventAge ?? .seconds(21_600)
    model.clientRetries = clientAttempts.map { ClientRetries(attempts: $0) }
    if let batchSize { model.queue.batchSize = batchSize }
    if let batchWindow { model.queue.window = batchWindow.duration }
    model.queue.maximumConcurrency = queueConcurrency
    model.queue.pollers = pollers?.range
    model.queue.visibilityTimeout = visibilityTimeout?.duration
    if let maxReceives { model.queue.maximumReceives = maxReceives }
  }
}
