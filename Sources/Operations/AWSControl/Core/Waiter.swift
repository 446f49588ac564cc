import Platform

/// Somebody pressed Ctrl-C while something was waited for.
package struct Interrupted: ReportableError, Equatable, Sendable {
  /// What was being waited for.
  package let activity: String

  /// An interruption.
  package init(activity: String) { self.activity = activity }

  /// `Operations.Interrupted`
  package var errorType: String { "Operations.Interrupted" }
  /// What is going on without us.
  package var message: String { "Interrupted while waiting for \(activity)" }
}

/// Asks again and again until something is as it should be, tells how far it is, and gives up at a bound.
package struct Waiter: Sendable {
  /// What one look has found.
  package enum Look<Value> {
    /// As it should be.
    case done(Value)
    /// Not yet; how it is, for the progress line.
    case pending(String)
  }

  /// The time; a test's does not sleep.
  package var clock: Clock
  /// Between two looks.
  package var intervalMilliseconds: Int64
  /// After this it is given up.
  package var limitMilliseconds: Int64
  /// Told the state after every look that found it not done, and after how many milliseconds.
  package var onProgress: @Sendable (_ activity: String, _ state: String, _ elapsed: Int64) -> Void
  /// Asked several times a second whether to stop.
  package var isInterrupted: @Sendable () -> Bool

  /// A waiter that looks every two seconds for at most ten minutes.
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

  /// Looks until it is done.
  ///
  /// - Parameter activity: what is waited for, as `version 7 to become active`.
  /// - Throws: what `look` throws; `Refusal` at the bound; `Interrupted`.
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
      guard elapsed + intervalMilliseconds <= limitMilliseconds else {
        throw Refusal(
          "Gave up after \(elapsed / 1000) s of waiting for \(activity): \(state)",
          advice: "It may still come; run the command again to go on waiting")
      }
      try pause(intervalMilliseconds, activity)
    }
  }

  /// Lets some time pass, as between the steps of a canary.
  ///
  /// - Throws: `Interrupted`.
  package func pause(_ milliseconds: Int64, _ activity: String) throws {
    var rest = milliseconds
    while true {
      if isInterrupted() { throw Interrupted(activity: activity) }
      guard rest > 0 else { return }
      // In slices, so that Ctrl-C is answered at once.
      let slice = min(rest, 200)
      clock.sleep(slice)
      rest -= slice
    }
  }
}
