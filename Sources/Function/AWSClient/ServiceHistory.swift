import Synchronization

/// What is remembered of a service from call to call, and so from invocation to invocation; by one client, or by
/// those of all loops.
final class ServiceHistory: Sendable {
  private static let capacity = 500
  private static let transientCost = 14
  private static let throttlingCost = 5

  private let remaining = Atomic<Int>(ServiceHistory.capacity)
  private let typical = Atomic<Int64>(100)

  /// The SDKs' retry quota: in an outage retries end after 35 failures, instead of multiplying the load
  /// and letting every invocation wait for its deadline.
  var tokens: Int { remaining.load(ordering: .relaxed) }
  /// How long a successful attempt takes, as a moving average.
  var typicalMilliseconds: Int64 { typical.load(ordering: .relaxed) }

  /// Takes the tokens of a retry.
  ///
  /// - Returns: how many; nil when too few are left, and the retry must not be made.
  func acquire(_ pause: RetryVerdict.Pause) -> Int? {
    let cost = pause == .throttling ? Self.throttlingCost : Self.transientCost
    var known = tokens
    while known >= cost {
      let (isTaken, now) = remaining.weakCompareExchange(
        expected: known, desired: known - cost, ordering: .relaxed)
      if isTaken { return cost }
      known = now
    }
    return nil
  }

  /// A call has succeeded; its last retry, if any, had this cost.
  func succeed(lastCost: Int?, milliseconds: Int64) {
    give(lastCost ?? 1)
    // Another loop's sample may be lost between reading and writing, which an average survives.
    let sample = min(max(0, milliseconds), 60_000)
    typical.store((7 * typicalMilliseconds + sample) / 8, ordering: .relaxed)
  }

  private func give(_ count: Int) {
    var known = tokens
    while known < Self.capacity {
      let (isGiven, now) = remaining.weakCompareExchange(
        expected: known, desired: min(Self.capacity, known + count), ordering: .relaxed)
      if isGiven { return }
      known = now
    }
  }
}

/// The histories of services, to be shared by the clients of several loops.
public struct ServiceHistories: Sendable {
  private var known: [(service: String, history: ServiceHistory)] = []

  /// - Parameter services: those whose histories are shared; a client remembers others by itself.
  public init(sharing services: [AWSService] = []) {
    known = services.map { ($0.displayName, ServiceHistory()) }
  }

  mutating func history(of service: AWSService) -> ServiceHistory {
    if let found = known.first(where: { $0.service == service.displayName }) {
      return found.history
    }
    let history = ServiceHistory()
    known.append((service.displayName, history))
    return history
  }
}
