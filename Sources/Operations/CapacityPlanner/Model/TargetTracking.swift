/// A target-tracking policy of Application Auto Scaling.
///
/// Source: <https://docs.aws.amazon.com/autoscaling/application/userguide/target-tracking-scaling-policy-overview.html>.
public struct TargetTracking: Sendable, Hashable {
  /// Which statistic of a minute's samples is compared.
  public enum Statistic: String, Sendable, Hashable, Codable {
    /// What the predefined metrics use.
    case average
    /// A customised metric specification can ask for it; it follows bursts.
    case maximum
  }

  /// Least capacity.
  public var minimum: Int
  /// Most capacity.
  public var maximum: Int
  /// The metric's value to hold: utilisation 0.1 … 0.9 for provisioned concurrency; invocations a minute and
  /// instance for an endpoint.
  public var target: Double
  /// After a scale-out completes, time in which only a larger one may follow.
  public var scaleOutCooldown: Duration
  /// After a scale-in, time before the next. A scale-out ends it.
  public var scaleInCooldown: Duration
  /// The statistic of provisioned utilisation; an endpoint's invocations are always summed.
  public var statistic: Statistic

  /// A policy with the cooldowns that Lambda's have by default, none.
  public init(
    minimum: Int, maximum: Int, target: Double, scaleOutCooldown: Duration = .zero,
    scaleInCooldown: Duration = .zero, statistic: Statistic = .average
  ) {
    self.minimum = minimum
    self.maximum = maximum
    self.target = target
    self.scaleOutCooldown = scaleOutCooldown
    self.scaleInCooldown = scaleInCooldown
    self.statistic = statistic
  }

  func problems(of what: String, least: Int, targets: ClosedRange<Double>) -> [String] {
    var problems: [String] = []
    if minimum < least {
      problems.append("\(what): a minimum of \(minimum), at least \(least) is needed")
    }
    if maximum < minimum {
      problems.append("\(what): a maximum of \(maximum) below the minimum of \(minimum)")
    }
    if !targets.contains(target) {
      problems.append(
        "\(what): a target of \(target), it must lie in \(targets.lowerBound)…\(targets.upperBound)"
      )
    }
    if scaleOutCooldown < .zero || scaleInCooldown < .zero {
      problems.append("\(what): a cooldown must not be negative")
    }
    return problems
  }
}

/// A scheduled action of Application Auto Scaling: it sets the bounds, and the capacity moves into them.
public struct ScheduledAction: Sendable, Hashable {
  /// First time, since the start of the traffic.
  public var at: Duration
  /// Repeated so often: a day for a daily `cron`; once when nil.
  public var every: Duration?
  /// New least capacity.
  public var minimum: Int
  /// New most capacity.
  public var maximum: Int

  /// An action.
  public init(at: Duration, every: Duration? = nil, minimum: Int, maximum: Int) {
    self.at = at
    self.every = every
    self.minimum = minimum
    self.maximum = maximum
  }
}
