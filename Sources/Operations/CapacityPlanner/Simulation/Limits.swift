/// A maximum number of requests in each second of the clock.
struct RequestRateCap {
  /// Requests a second that one unit of concurrency allows.
  static let requestsPerConcurrency = 10

  private var ends: Microseconds = 0
  private var used = 0

  /// Counts a request unless the second is full.
  @inline(__always)
  mutating func admit(_ now: Microseconds, concurrency: Int) -> Bool {
    if now >= ends {
      ends = (now / Microseconds.second + 1) * Microseconds.second
      used = 0
    }
    if used >= concurrency * Self.requestsPerConcurrency { return false }
    used += 1
    return true
  }
}

/// How fast a function may get new environments: 1,000 in 10 s, refilled continuously, and no more than 1,000 are
/// ever held.
///
/// Source: <https://docs.aws.amazon.com/lambda/latest/dg/scaling-behavior.html>.
struct ScalingRate {
  private static let most = 1_000.0
  private static let perMicrosecond = 1_000.0 / 10e6

  private var available = Self.most
  private var counted: Microseconds = 0

  /// Takes an environment unless the rate forbids it.
  mutating func admit(_ now: Microseconds) -> Bool {
    available = min(Self.most, available + Double(now - counted) * Self.perMicrosecond)
    counted = now
    // A hundred steps of refilling may miss 1 by rounding.
    if available < 1 - 1e-9 { return false }
    available -= 1
    return true
  }
}
