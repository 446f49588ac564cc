/// Provisioned environments: how many are ready, how many busy, what was asked for, and what is billed.
///
/// None of a request's environments is usable until all are allocated; those that were ready before stay usable.
/// Fewer take effect at once, and the invocations in flight end undisturbed.
///
/// A period that ends is billed in steps of 5 min. The edges of the traffic are not ends of a period: what runs across
/// them is billed to the microsecond, or a trace of ten seconds would cost a month of five-minute steps.
struct ProvisionedPool {
  private static let environmentsPerMinute: Microseconds = 6_000
  /// A period is billed in steps of 5 min.
  private static let billedStep = 5 * Microseconds.minute

  private let preparation: Microseconds
  private(set) var ready = 0
  var busy = 0
  /// What was asked for last; equal to `ready` unless environments are being allocated.
  private(set) var requested = 0
  /// Of the allocation in progress; an event of an earlier one is void.
  private(set) var allocation = 0
  private(set) var environments = TimeIntegral(0)
  /// What is billed: environments of the same beginning; the latest end first.
  private var billing: [(count: Int, from: Microseconds)] = []
  private(set) var billedMicroseconds = 0.0
  private var measuredFrom: Microseconds = 0
  private var isBilling = true

  init(preparation: Microseconds) { self.preparation = preparation }

  var isAllocating: Bool { requested > ready }
  /// What it takes of the function's concurrency.
  @inline(__always) var taken: Int { max(requested, ready, busy) }

  /// Begins with environments that are ready.
  mutating func begin(with count: Int) {
    (ready, requested) = (count, count)
    bill(from: 0, to: count, 0)
    environments.set(count, 0)
  }

  /// Asks for a number.
  ///
  /// - Returns: when the new environments are usable, nil when nothing has to be allocated.
  mutating func request(_ count: Int, _ now: Microseconds) -> Microseconds? {
    bill(from: requested, to: count, now)
    requested = count
    allocation += 1
    if count <= ready {
      ready = count
      environments.set(ready, now)
      return nil
    }
    let making = Microseconds(count - ready) * Microseconds.minute / Self.environmentsPerMinute
    return now + preparation + making
  }

  /// The allocation with this number is complete.
  mutating func complete(_ number: Int, _ now: Microseconds) -> Bool {
    if number != allocation { return false }
    ready = requested
    environments.set(ready, now)
    return true
  }

  private mutating func bill(from old: Int, to new: Int, _ now: Microseconds) {
    guard isBilling else { return }
    if new > old { billing.append((new - old, now)) }
    var ending = old - new
    while ending > 0, let latest = billing.popLast() {
      let count = min(ending, latest.count)
      let steps = (now - latest.from + Self.billedStep - 1) / Self.billedStep
      // What lies before the traffic is not billed.
      let unmeasured = max(0, measuredFrom - latest.from)
      billedMicroseconds += Double(count) * Double(steps * Self.billedStep - unmeasured)
      if count < latest.count { billing.append((latest.count - count, latest.from)) }
      ending -= count
    }
  }

  /// The traffic begins: what was billed before does not count.
  mutating func beginBilling(_ now: Microseconds) {
    measuredFrom = now
    billedMicroseconds = 0
  }

  /// The traffic ends: running periods are billed up to here, not to a step's end.
  mutating func endBilling(_ now: Microseconds) {
    for entry in billing {
      billedMicroseconds += Double(entry.count) * Double(now - max(entry.from, measuredFrom))
    }
    isBilling = false
    billing = []
  }

  mutating func takeIntegral(_ now: Microseconds) -> Double { environments.take(now) }
}
