import AWSClient
import AWSControl
import JSON
import Platform

/// Redrives failed events to their function, and deletes each message only after the function
/// accepted the event.
///
/// An asynchronous invocation is accepted when Lambda responds with 202: Lambda then keeps the
/// event, retries it, and sends it to this queue again when it fails. A synchronous one is accepted
/// when the function succeeds. Everything else stays in the queue: an event that is not JSON or
/// whose function is unknown, one that the function fails on, and after an error or Ctrl-C all that
/// follow. An event whose message could not be deleted exists twice; the run ends with it. For an
/// asynchronous inference that failed, its input is submitted again.
package struct Redrive {
  package struct Options: Sendable {
    /// The function for all events; nil takes each message's own.
    package var target: RedriveTarget?
    /// Waits for the function instead of queueing the event in Lambda.
    package var isSynchronous = false
    /// The most events.
    package var maximum = Int.max
    /// Messages whose ids begin with one of these; empty takes all.
    package var messageIDs: [String] = []
    /// Events a second, more than 0; nil is as fast as Lambda accepts them.
    package var ratePerSecond: Double?

    /// All events, each to its own function, asynchronously.
    package init() {}
  }

  /// The result of one event.
  package enum Step: Sendable {
    case redriven(FailedEvent, RedriveTarget)
    case planned(FailedEvent, RedriveTarget)
    /// Still in the queue, with the reason.
    case kept(FailedEvent, reason: String)
  }

  package struct Outcome: Sendable {
    /// In their order.
    package internal(set) var steps: [Step] = []
    /// Whether Ctrl-C ended the run early.
    package internal(set) var wasInterrupted = false

    /// Whether every event was accepted.
    package var isComplete: Bool {
      !wasInterrupted
        && steps.allSatisfy { if case .kept = $0 { false } else { true } }
    }
  }

  /// Covers Invoke's own limit, and a batch of short calls.
  private var visibilityTimeoutSeconds: Int { options.isSynchronous ? 960 : 600 }
  private var batchLimitMilliseconds: Int64 { Int64(visibilityTimeoutSeconds) * 500 }

  private let queue: FailureQueueClient
  private let options: Options
  private let isInterrupted: () -> Bool
  private let onStep: (Step) -> Void

  /// - Parameters:
  ///   - isInterrupted: checked before each event.
  ///   - onStep: receives each event's result at once.
  package init(
    _ queue: FailureQueueClient, _ options: Options,
    isInterrupted: @escaping () -> Bool = { false },
    onStep: @escaping (Step) -> Void = { _ in }
  ) {
    self.queue = queue
    self.options = options
    self.isInterrupted = isInterrupted
    self.onStep = onStep
  }

  /// Redrives until the queue is empty, the maximum is reached, or Ctrl-C was pressed.
  ///
  /// Events that arrive meanwhile are left alone: one that fails at once would loop.
  ///
  /// - Throws: errors that concern all events, for example a missing function; the other messages
  ///   are made visible first.
  package func run() throws -> Outcome {
    let startMilliseconds = queue.client.clock.unixMilliseconds()
    var outcome = Outcome()
    var pacer = Pacer(ratePerSecond: options.ratePerSecond, clock: queue.client.clock)
    var held = HeldMessages()
    defer { queue.giveBack(held) }
    var batchesWithoutNews = 0
    while outcome.steps.count < options.maximum, batchesWithoutNews < 5 {
      guard !interrupted(&outcome) else { break }
      // Before the receive, so that messages are not hidden longer than needed.
      guard pacer.wait(isInterrupted) else {
        outcome.wasInterrupted = true
        break
      }
      let received = queue.client.clock.monotonicMilliseconds()
      let batch = try queue.receive(
        maximum: min(batchSize, options.maximum - outcome.steps.count),
        visibilityTimeoutSeconds: visibilityTimeoutSeconds)
      guard !batch.isEmpty else { break }
      let fresh = batch.filter { held.add($0) }
      batchesWithoutNews = fresh.isEmpty ? batchesWithoutNews + 1 : 0
      for event in fresh where isWanted(event, startMilliseconds) {
        guard pacer.wait(isInterrupted) else {
          outcome.wasInterrupted = true
          break
        }
        guard !interrupted(&outcome) else { break }
        pacer.take()
        let elapsed = queue.client.clock.monotonicMilliseconds() - received
        let step =
          elapsed < batchLimitMilliseconds
          ? try self.step(event)
          : .kept(event, reason: "the events before it took too long; run the command again")
        if case .redriven = step { held.remove(event) }
        outcome.steps.append(step)
        onStep(step)
      }
    }
    return outcome
  }

  /// So few that all are sent at this rate long before they become visible again.
  private var batchSize: Int {
    if options.isSynchronous { return 1 }
    guard let rate = options.ratePerSecond else { return 10 }
    return max(1, Int(min(10, rate * Double(batchLimitMilliseconds) / 2000)))
  }

  private func interrupted(_ outcome: inout Outcome) -> Bool {
    outcome.wasInterrupted = outcome.wasInterrupted || isInterrupted()
    return outcome.wasInterrupted
  }

  /// SQS's clock and this one may differ by some seconds.
  private func isWanted(_ event: FailedEvent, _ startMilliseconds: Int64) -> Bool {
    guard event.sentUnixMilliseconds < startMilliseconds + 60_000 else { return false }
    return options.messageIDs.isEmpty
      || options.messageIDs.contains { event.messageID.hasPrefix($0) }
  }

  private func step(_ event: FailedEvent) throws -> Step {
    let payload: [UInt8]
    switch event.payload {
    case .event(let bytes), .upload(let bytes): payload = bytes
    case .none(let reason): return .kept(event, reason: reason)
    }
    guard let target = options.target ?? event.functionARN.flatMap(RedriveTarget.init(arn:)) else {
      return .kept(
        event,
        reason: "the message does not name the function; pass it with --function-name")
    }
    switch try invoke(target, payload) {
    case .accepted:
      try delete(event, target)
      return .redriven(event, target)
    case .planned:
      try delete(event, target)
      return .planned(event, target)
    case .refused(let reason): return .kept(event, reason: reason)
    }
  }

  private enum Verdict {
    case accepted, planned
    case refused(String)
  }

  private func invoke(_ target: RedriveTarget, _ payload: [UInt8]) throws -> Verdict {
    do {
      let answer = try queue.client.write(
        Invoke(
          functionName: target.functionName, qualifier: target.qualifier,
          type: options.isSynchronous ? .requestResponse : .event, payload: payload))
      guard let answer else { return .planned }
      guard options.isSynchronous else {
        return answer.status == 202
          ? .accepted : .refused("Lambda responded with \(answer.status), not 202")
      }
      return FunctionAnswer.problem(answer).map(Verdict.refused) ?? .accepted
    } catch let error as AWSError where Self.concernsOneEvent(error) {
      return .refused(error.message)
    }
  }

  private static func concernsOneEvent(_ error: AWSError) -> Bool {
    error.status == 413
      || ["InvalidRequestContentException", "RequestTooLargeException"].contains(
        error.code.rawValue)
  }

  private func delete(_ event: FailedEvent, _ target: RedriveTarget) throws {
    do {
      try queue.client.write(
        DeleteMessage(queueURL: queue.queueURL, receiptHandle: event.receiptHandle))
    } catch let error as AWSError {
      throw Refusal(
        "\(target.description) accepted the event of message \(event.messageID), and the message could "
          + "not be deleted: \(error.message)",
        advice: "The next redrive would send it again; print it with `failures show --id "
          + "\(event.messageID)`")
    }
  }
}
