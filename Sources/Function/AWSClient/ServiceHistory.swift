/// What a client remembers of a service from call to call, and so from invocation to invocation.
final class ServiceHistory {
  private static let capacity = 500
  private static let transientCost = 14
  private static let throttlingCost = 5

  /// The SDKs' retry quota: in an outage retries end after 35 failures, instead of multiplying the load
  /// and letting every invocation wait for its deadline.
  private(set) var tokens = ServiceHistory.capacity
  /// How long a successful attempt takes, as a moving average.
  private(set) var typicalMilliseconds: Int64 = 100

  /// Takes the tokens of a retry.
  ///
  /// - Returns: how many; nil when too few are left, and the retry must not be made.
  func acquire(_ pause: RetryVerdict.Pause) -> Int? {
    let cost = pause == .throttling ? Self.throttlingCost : Self.transientCost
    guard tokens >= cost else { return nil }
    tokens -= cost
    return cost
  }

  /// A call has succeeded; its last retry, if any, had this cost.
  func succeed(lastCost: Int?, milliseconds: Int64) {
    tokens = min(Self.capacity, tokens + (lastCost ?? 1))
    let sample = min(max(0, milliseconds), 60_000)
    typicalMilliseconds = (7 * typicalMilliseconds + sample) / 8
  }
}
