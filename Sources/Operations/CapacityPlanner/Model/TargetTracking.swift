/// A target-tracking policy of Application Auto Scaling.
///
/// Source: <https://docs.aws.amazon.com/autoscaling/application/userguide/target-tracking-scaling-policy-overview.html>.
package struct TargetTracking: Sendable, Hashable {
  /// Which statistic of a minute's samples is compared.
  package enum Statistic: String, Sendable, Hashable, Codable {
    /// What the predefined metrics use.
    case average
    /// A customized metric specification can select it; it follows bursts.
    case maximum
  }

  package var minimum: Int
  package var maximum: Int
  /// The metric's value to hold: utilization 0.1 … 0.9 for provisioned concurrency; invocations a minute and
  /// instance for an endpoint.
  package var target: Double
  /// After a scale-out completes, time in which only a larger one may follow.
  package var scaleOutCooldown: Duration
  /// After a scale-in, time before the next. A scale-out ends it.
  package var scaleInCooldown: Duration
  /// The statistic of provisioned utilization; an endpoint's invocations are always summed.
  package var statistic: Statistic

  /// A policy with the cooldowns that Lambda's have by default, none.
  package init(
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
package struct ScheduledAction: Sendable, Hashable {
  /// First time, since the start of the traffic.
  package var at: Duration
  /// The period of repetition: a day for a daily `cron`; once when nil.
  package var every: Duration?
  package var minimum: Int
  package var maximum: Int

  package init(at: Duration, every: Duration? = nil, minimum: Int, maximum: Int) {
    self.at = at
    self.every = every
    self.minimum = minimum
    self.maximum = maximum
  }
}
