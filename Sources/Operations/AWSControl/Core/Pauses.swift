import Platform

/// The pauses between attempts, which Ctrl-C ends.
///
/// Only a Ctrl-C during the call ends its pauses: calls that begin afterwards clean up or roll back
/// and are retried as always.
final class Pauses {
  private let clock: Clock
  private var isEnding = false
  var isInterrupted: (() -> Bool)?

  init(clock: Clock) { self.clock = clock }

  /// A call begins.
  func begin() { isEnding = isInterrupted?() ?? false }

  /// Sleeps.
  ///
  /// - Returns: false when Ctrl-C was pressed meanwhile.
  func take(_ milliseconds: Int64) -> Bool {
    guard let isInterrupted, !isEnding else {
      clock.sleep(milliseconds)
      return true
    }
    var rest = milliseconds
    while rest > 0 {
      if isInterrupted() { return false }
      let slice = min(rest, Waiter.sliceMilliseconds)
      clock.sleep(slice)
      rest -= slice
    }
    return !isInterrupted()
  }
}
