import Foundation
import LoopbackServer

/// One invocation from arrival to completion, on which its client waits.
final class PendingInvocation: @unchecked Sendable {
  let request: InvocationRequest
  /// Guards everything below.
  private let condition = NSCondition()
  private var invocationID = ""
  private var deliveredMicroseconds: Int64?
  private var deadline: Date?
  private var end: (result: InvocationOutcome.Result, microseconds: Int64)?

  init(_ request: InvocationRequest) {
    self.request = request
  }

  /// Starts the clock before the event is sent to a runtime.
  func deliver(invocationID: String, deadline: Date) {
    condition.lock()
    self.invocationID = invocationID
    self.deadline = deadline
    deliveredMicroseconds = monotonicMicroseconds()
    condition.broadcast()
    condition.unlock()
  }

  /// The runtime did not receive the event: the clock stops until the next delivery.
  func takeBack() {
    condition.lock()
    deadline = nil
    deliveredMicroseconds = nil
    condition.unlock()
  }

  /// Whether a response belongs to this delivery rather than to an earlier one with the same
  /// request ID.
  func accepts(invocationID claimed: String?) -> Bool {
    condition.lock()
    defer { condition.unlock() }
    return claimed == nil || claimed == invocationID
  }

  /// Ends the invocation; only the first end counts.
  func finish(_ result: InvocationOutcome.Result) {
    condition.lock()
    if end == nil { end = (result, monotonicMicroseconds()) }
    condition.broadcast()
    condition.unlock()
  }

  /// Waits for the end. At the deadline, calls `expire` (without holding a lock) for the outcome;
  /// nil means that a response is just arriving.
  func wait(expire: () -> InvocationOutcome.Result?) -> InvocationOutcome {
    condition.lock()
    defer { condition.unlock() }
    while end == nil {
      guard let limit = deadline else {
        condition.wait()
        continue
      }
      if condition.wait(until: limit) || end != nil || deadline.map({ $0 > Date() }) ?? true {
        continue
      }
      condition.unlock()
      let result = expire()
      condition.lock()
      deadline = nil
      if end == nil, let result { end = (result, monotonicMicroseconds()) }
    }
    let micro = end.flatMap { end in deliveredMicroseconds.map { end.microseconds - $0 } } ?? 0
    var outcome = InvocationOutcome(
      requestID: request.requestID, result: end?.result ?? .success([]),
      durationMilliseconds: Double(micro) / 1000)
    outcome.deliveredMicroseconds = deliveredMicroseconds
    return outcome
  }
}

/// A `/next` that waits for an event.
final class WaitingNext: @unchecked Sendable {
  let wakeUp: WakeUp
  /// Guarded by the lock of the queue.
  var assigned: PendingInvocation?

  init() throws {
    wakeUp = try WakeUp()
  }
}

/// Microseconds since an arbitrary point; never runs backwards.
package func monotonicMicroseconds() -> Int64 {
  var time = timespec()
  clock_gettime(CLOCK_MONOTONIC, &time)
  return Int64(time.tv_sec) * 1_000_000 + Int64(time.tv_nsec) / 1000
}
