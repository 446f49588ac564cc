import Platform

/// Spaces events evenly, so that a function with little concurrency is not throttled.
struct Pacer {
  private let intervalMilliseconds: Int64
  private let clock: Clock
  private var nextMilliseconds: Int64?

  init(ratePerSecond: Double?, clock: Clock) {
    intervalMilliseconds = ratePerSecond.map { Int64(min(1000 / $0, 86_400_000).rounded(.up)) } ?? 0
    self.clock = clock
  }

  /// Sleeps until the next event is due.
  ///
  /// - Returns: false after Ctrl-C.
  func wait(_ isInterrupted: () -> Bool) -> Bool {
    guard let due = nextMilliseconds else { return !isInterrupted() }
    while true {
      if isInterrupted() { return false }
      let rest = due - clock.monotonicMilliseconds()
      guard rest > 0 else { return true }
      clock.sleep(min(rest, 200))
    }
  }

  /// An event is sent now.
  mutating func take() {
    guard intervalMilliseconds > 0 else { return }
    nextMilliseconds = clock.monotonicMilliseconds() + intervalMilliseconds
  }
}
