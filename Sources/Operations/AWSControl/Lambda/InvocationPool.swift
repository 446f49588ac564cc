import AWSClient
import Platform

/// Invokes one version of a function for many items, several at a time.
///
/// When Lambda throttles, the number in flight is halved, all wait, and the item is invoked again; each round of
/// successes adds one. Nothing else is retried here. Only for a function that may run twice for an item. It is used
/// from one thread only.
package final class InvocationPool<Item> {
  package typealias Outcome = Result<Invoke.Output, any Error>

  private let client: ControlClient
  private let functionName: String
  private let qualifier: String
  /// The most in flight.
  private let width: Int
  private let next: () -> (item: Item, payload: [UInt8])?
  private let finished: (Item, Outcome) -> Bool
  private var waiting: [(item: Item, payload: [UInt8])] = []
  private var limit: Int
  private var inFlight = 0
  private var successes = 0
  /// Invocations that began before the last throttling say nothing new.
  private var era = 0
  private var pauses = 0
  private var isStopped = false
  private var failure: (any Error)?
  /// Receives a line when Lambda throttles.
  package var onThrottling: (String) -> Void = { _ in }
  /// How often Lambda throttled in a row before the run is given up.
  package static var maximumPauses: Int { 60 }

  /// - Parameters:
  ///   - next: the next item; nil when there is none.
  ///   - finished: gets the result of an item; returns false to stop: what is in flight is completed.
  package init(
    functionName: String, qualifier: String, width: Int, with client: ControlClient,
    next: @escaping () -> (item: Item, payload: [UInt8])?,
    finished: @escaping (Item, Outcome) -> Bool
  ) {
    self.client = client
    self.functionName = functionName
    self.qualifier = qualifier
    self.width = width
    self.next = next
    self.finished = finished
    limit = width
  }

  /// Returns when all items are finished, or after a stop. A dry run plans the first invocation only.
  ///
  /// - Throws: `CredentialError`; `ConfigurationError`; `Refusal` when Lambda throttles for many minutes.
  package func run() throws {
    if let plan = client.plan {
      guard let first = next() else { return }
      let invoke = invocation(first.payload)
      let (url, request) = client.unsignedRequest(invoke)
      return plan(
        PlannedWrite(
          title: "\(invoke.title), and one for each other object", method: request.method, url: url,
          body: request.body))
    }
    let policy = client.policy
    defer { client.policy = policy }
    // Throttling is answered here, for all at once.
    client.policy.maximumAttempts = 1
    fill()
    client.aws.run()
    if let failure { throw failure }
  }

  private func invocation(_ payload: [UInt8]) -> Invoke {
    Invoke(functionName: functionName, qualifier: qualifier, payload: payload)
  }

  private func fill() {
    while inFlight < limit, !isStopped, let job = waiting.popLast() ?? next() {
      inFlight += 1
      let era = era
      do {
        try client.start(invocation(job.payload)) { self.receive(job, $0, of: era) }
      } catch {
        inFlight -= 1
        isStopped = true
        failure = failure ?? error
      }
    }
  }

  private func receive(_ job: (item: Item, payload: [UInt8]), _ outcome: Outcome, of era: Int) {
    inFlight -= 1
    if case .failure(let error as AWSError) = outcome, error.verdict.pause == .throttling {
      waiting.append(job)
      if era == self.era { slowDown(error) }
    } else {
      pauses = 0
      successes += 1
      if successes >= limit, limit < width {
        successes = 0
        limit += 1
      }
      if !finished(job.item, outcome) { isStopped = true }
    }
    fill()
  }

  private func slowDown(_ error: AWSError) {
    era += 1
    pauses += 1
    successes = 0
    limit = max(1, limit / 2)
    guard pauses <= Self.maximumPauses else {
      isStopped = true
      failure = error.with(
        advice:
          "Lambda throttles the function all the time: raise its reserved concurrency, or use fewer parallel "
          + "invocations")
      return
    }
    let pause = min(20_000, Int64(500) << Int64(min(pauses, 6)))
    onThrottling("Lambda throttles: \(limit) at a time, continuing in \(pause / 1000) s")
    if !client.pauses.take(pause) { isStopped = true }
  }
}

@available(*, unavailable)
extension InvocationPool: Sendable {}
