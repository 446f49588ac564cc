import Platform

/// Ctrl-C was pressed during a wait.
package struct Interrupted: ReportableError, Equatable, Sendable {
  /// The condition that was waited for.
  package let activity: String

  package init(activity: String) { self.activity = activity }

  package var errorType: String { "Operations.Interrupted" }
  package var message: String { "Interrupted while waiting for \(activity)" }
}

/// Polls until a condition holds, reports progress, and gives up at a time limit.
package struct Waiter: Sendable {
  package enum Look<Value> {
    case done(Value)
    /// The condition does not hold yet; the state, for the progress line.
    case pending(String)
  }

  /// The longest sleep without a look at Ctrl-C.
  static let sliceMilliseconds: Int64 = 200
  /// The clock; in tests one that does not sleep.
  package var clock: Clock
  package var intervalMilliseconds: Int64
  /// The time limit.
  package var limitMilliseconds: Int64
  /// Receives the state and the elapsed milliseconds after each poll that found the condition not
  /// met.
  package var onProgress: @Sendable (_ activity: String, _ state: String, _ elapsed: Int64) -> Void
  /// Checked several times a second.
  package var isInterrupted: @Sendable () -> Bool

  /// A waiter that polls every two seconds for at most ten minutes.
  package init(
    clock: Clock = .system, intervalMilliseconds: Int64 = 2_000,
    limitMilliseconds: Int64 = 600_000,
    onProgress: @escaping @Sendable (String, String, Int64) -> Void = { _, _, _ in },
    isInterrupted: @escaping @Sendable () -> Bool = { false }
  ) {
    self.clock = clock
    self.intervalMilliseconds = intervalMilliseconds
    self.limitMilliseconds = limitMilliseconds
    self.onProgress = onProgress
    self.isInterrupted = isInterrupted
  }

  /// Polls until the condition holds.
  ///
  /// - Parameter activity: the condition, for example `version 7 to become active`.
  /// - Throws: what `look` throws; `Refusal` at the time limit; `Interrupted`.
  package func wait<Value>(
    for activity: String, until look: () throws -> Look<Value>
  ) throws -> Value {
    let start = clock.monotonicMilliseconds()
    while true {
      let state: String
      switch try look() {
      case .done(let value): return value
      case .pending(let text): state = text
      }
      let elapsed = clock.monotonicMilliseconds() - start
      onProgress(activity, state, elapsed)
      let rest = limitMilliseconds - elapsed
      guard rest > 0 else {
        throw Refusal(
          "Timed out after \(elapsed / 1000) s of waiting for \(activity): \(state)",
          advice: "It may still complete; run the command again to continue waiting")
      }
      // The last look is at the limit, not an interval before it.
      try pause(min(intervalMilliseconds, rest), activity)
    }
  }

  /// Waits, for example between the steps of a canary.
  ///
  /// - Throws: `Interrupted`.
  package func pause(_ milliseconds: Int64, _ activity: String) throws {
    var rest = milliseconds
    while true {
      if isInterrupted() { throw Interrupted(activity: activity) }
      guard rest > 0 else { return }
      // In slices, so that Ctrl-C takes effect at once.
      let slice = min(rest, Self.sliceMilliseconds)
      clock.sleep(slice)
      rest -= slice
    }
  }
}
