import AWSClient
import AWSControl
import JSON
import Platform

/// Gives failed events to their function again, and deletes each message only after the function accepted
/// the event.
///
/// Accepted means, for the asynchronous way, that Lambda answered 202: from then on Lambda keeps the event,
/// tries it, and puts it into this queue again when that fails. For the synchronous way it means that the
/// function was waited for and did not fail. Everything else stays in the queue: an event that is no JSON or
/// whose function is not known, one that the function fails on, and after an error or Ctrl-C all that were
/// not their turn yet. An event whose message could not be deleted is there twice; the run ends with it.
package struct Redrive {
  /// What to do.
  package struct Options: Sendable {
    /// The function for all events; nil takes each message's own.
    package var target: RedriveTarget?
    /// Wait for the function's answer instead of handing the event to Lambda's queue.
    package var isSynchronous = false
    /// At most so many events.
    package var maximum = Int.max
    /// Messages whose ids begin with one of these; empty takes all.
    package var messageIDs: [String] = []

    /// All events, each to its own function, asynchronously.
    package init() {}
  }

  /// What became of one event.
  package enum Step: Sendable {
    /// Accepted and deleted.
    case redriven(FailedEvent, RedriveTarget)
    /// With a dry run.
    case planned(FailedEvent, RedriveTarget)
    /// Still in the queue, and why.
    case kept(FailedEvent, reason: String)
  }

  /// What was done.
  package struct Outcome: Sendable {
    /// In their order.
    package internal(set) var steps: [Step] = []
    /// Whether Ctrl-C ended it before its end.
    package internal(set) var wasInterrupted = false

    /// Whether every event that was looked at was accepted.
    package var isComplete: Bool {
      !wasInterrupted
        && steps.allSatisfy { if case .kept = $0 { false } else { true } }
    }
  }

  /// Long enough for Invoke's own limit, and for a batch of short calls.
  private var visibilityTimeoutSeconds: Int { options.isSynchronous ? 960 : 600 }
  private var batchLimitMilliseconds: Int64 { Int64(visibilityTimeoutSeconds) * 500 }

  private let queue: FailureQueueClient
  private let options: Options
  private let isInterrupted: () -> Bool
  private let onStep: (Step) -> Void

  /// - Parameters:
  ///   - isInterrupted: asked before each event.
  ///   - onStep: told what became of each event, at once.
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

  /// Works through the queue until it is empty, the number is reached, or Ctrl-C was pressed.
  ///
  /// Events that come in meanwhile are left alone: one that fails at once would go round and round.
  ///
  /// - Throws: what concerns all events, as a function that is not there; the rest is given back first.
  package func run() throws -> Outcome {
    let startMilliseconds = queue.client.clock.unixMilliseconds()
    var outcome = Outcome()
    var held = HeldMessages()
    defer { queue.giveBack(held) }
    var batchesWithoutNews = 0
    while outcome.steps.count < options.maximum, batchesWithoutNews < 5 {
      guard !interrupted(&outcome) else { break }
      let received = queue.client.clock.monotonicMilliseconds()
      let batch = try queue.receive(
        maximum: options.isSynchronous ? 1 : min(10, options.maximum - outcome.steps.count),
        visibilityTimeoutSeconds: visibilityTimeoutSeconds)
      guard !batch.isEmpty else { break }
      let fresh = batch.filter { held.add($0) }
      batchesWithoutNews = fresh.isEmpty ? batchesWithoutNews + 1 : 0
      for event in fresh where isWanted(event, startMilliseconds) {
        guard !interrupted(&outcome) else { break }
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
    guard let payload = event.event else {
      return .kept(event, reason: "the message is no JSON; see it with `failures show`")
    }
    guard let target = options.target ?? event.functionARN.flatMap(RedriveTarget.init(arn:)) else {
      return .kept(
        event,
        reason: "the message does not say which function failed; name it with --function-name")
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
          ? .accepted : .refused("Lambda answered \(answer.status), not 202")
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
        advice: "The next redrive would send it again; see it with `failures show --id "
          + "\(event.messageID)`")
    }
  }
}
