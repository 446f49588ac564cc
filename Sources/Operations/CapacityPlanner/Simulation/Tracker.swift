/// Decides for a ``TargetTracking`` policy, a metric a minute.
///
/// Out: 3 of 3 minutes above the target; wanted is ceil(current × metric / target). In: 15 of 15 below 90 % of the
/// target; documented only as "more gradually", taken as at most a tenth of the capacity, at least 1, a time. A minute
/// without a metric ends both counts, so nothing is scaled in while there is no metric.
struct Tracker {
  static let minutesOut = 3
  static let minutesIn = 15
  static let lowShare = 0.9
  static let stepIn = 0.1
  /// An average of equal samples may miss them by this share.
  private static let rounding = 1e-9

  private let policy: TargetTracking
  var minimum: Int
  var maximum: Int
  private var minutesHigh = 0
  private var minutesLow = 0
  private var outUntil = Microseconds.min
  private var inUntil = Microseconds.min
  private var lastStep = 0

  init(_ policy: TargetTracking) {
    self.policy = policy
    minimum = policy.minimum
    maximum = policy.maximum
  }

  /// The capacity to have, nil to leave it.
  mutating func decide(metric: Double?, current: Int, isChanging: Bool, now: Microseconds) -> Int? {
    guard let metric else {
      (minutesHigh, minutesLow) = (0, 0)
      return nil
    }
    minutesHigh = metric > policy.target * (1 + Self.rounding) ? minutesHigh + 1 : 0
    minutesLow =
      metric < policy.target * Self.lowShare * (1 - Self.rounding) ? minutesLow + 1 : 0
    if isChanging { return nil }
    let proportional =
      (Double(current) * metric / policy.target * (1 - Self.rounding)).rounded(.up)
    let wanted = Int(min(Double(maximum), max(Double(minimum), proportional)))
    if minutesHigh >= Self.minutesOut { return scaleOut(to: wanted, from: current, now) }
    if minutesLow >= Self.minutesIn { return scaleIn(to: wanted, from: current, now) }
    return nil
  }

  private mutating func scaleOut(to wanted: Int, from current: Int, _ now: Microseconds) -> Int? {
    let step = wanted - current
    if step <= 0 || (now < outUntil && step <= lastStep) { return nil }
    lastStep = step
    inUntil = now
    return wanted
  }

  private mutating func scaleIn(to wanted: Int, from current: Int, _ now: Microseconds) -> Int? {
    if now < inUntil { return nil }
    let gradual = current - max(1, Int(Double(current) * Self.stepIn))
    let next = max(wanted, gradual)
    if next >= current { return nil }
    inUntil = now + policy.scaleInCooldown.microseconds
    return next
  }

  /// The capacity that was asked for is there: the cooldown begins.
  mutating func scaleOutCompleted(_ now: Microseconds) {
    outUntil = now + policy.scaleOutCooldown.microseconds
  }
}
