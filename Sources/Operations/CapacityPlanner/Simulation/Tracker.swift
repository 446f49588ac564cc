/// Decides for a ``TargetTracking`` policy, a metric a minute.
///
/// Out: 3 of 3 minutes above the target; the wanted capacity is ceil(current × metric / target). In: 15 of 15 below 90
/// % of the target, by the share of ``Assumptions/scaleInShare``. An alarm with a scaling action repeats it every
/// minute while it stays in ALARM; the newest real metric counts.
struct Tracker {
  static let minutesOut = 3
  static let minutesIn = 15
  static let lowShare = 0.9
  /// An average of equal samples may miss them by this share.
  private static let rounding = 1e-9

  private let policy: TargetTracking
  private let scaleInShare: Double
  var minimum: Int
  var maximum: Int
  private var high = MetricAlarm(minutesOut, outOf: minutesOut)
  private var low: MetricAlarm
  private var newestMetric = 0.0
  private var outUntil = Microseconds.min
  private var inUntil = Microseconds.min
  private var lastStep = 0

  init(_ policy: TargetTracking, _ assumptions: Assumptions = Assumptions()) {
    self.policy = policy
    scaleInShare = assumptions.scaleInShare
    minimum = policy.minimum
    maximum = policy.maximum
    low = MetricAlarm(
      Self.minutesIn, outOf: Self.minutesIn, isPremature: assumptions.lowAlarmIsPremature)
  }

  /// The capacity to have, nil to leave it. The metric is nil for a minute without one.
  mutating func decide(metric: Double?, current: Int, isChanging: Bool, now: Microseconds) -> Int? {
    let isHigh = high.add(metric.map { $0 > policy.target * (1 + Self.rounding) })
    let isLow = low.add(metric.map { $0 < policy.target * Self.lowShare * (1 - Self.rounding) })
    newestMetric = metric ?? newestMetric
    if isChanging || !(isHigh || isLow) { return nil }
    let proportional =
      (Double(current) * newestMetric / policy.target * (1 - Self.rounding)).rounded(.up)
    let wanted = Int(min(Double(maximum), max(Double(minimum), proportional)))
    return isHigh
      ? scaleOut(to: wanted, from: current, now) : scaleIn(to: wanted, from: current, now)
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
    let gradual = current - max(1, Int(Double(current) * scaleInShare))
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
