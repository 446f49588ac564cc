/// Reserved and provisioned concurrency of the function.
package struct ConcurrencySettings: Sendable, Hashable {
  /// Ceiling and guarantee; nil leaves the function in the account's unreserved pool. 0 stops it.
  package var reserved: Int?
  /// Provisioned concurrency of the alias that the traffic uses; nil for none.
  package var provisioned: ProvisionedConcurrency?

  /// Settings; the default is to set nothing.
  package init(reserved: Int? = nil, provisioned: ProvisionedConcurrency? = nil) {
    self.reserved = reserved
    self.provisioned = provisioned
  }

  func problems(in account: AccountLimits) -> [String] {
    var problems: [String] = []
    if let reserved, reserved < 0 || reserved > account.maximumReservable {
      problems.append(
        "\(reserved) reserved: an account of \(account.concurrency) can reserve 0 to \(account.maximumReservable)"
      )
    }
    guard let provisioned else { return problems }
    problems += provisioned.problems
    let ceiling = reserved ?? account.maximumReservable
    if provisioned.largest > ceiling {
      let which = reserved == nil ? "what the account can provision" : "the reserved concurrency"
      problems.append("\(provisioned.largest) provisioned is more than \(which), \(ceiling)")
    }
    return problems
  }
}

/// Provisioned concurrency: fixed, scheduled, tracking a target, or a schedule that moves a tracker's bounds.
package struct ProvisionedConcurrency: Sendable, Hashable {
  /// Environments at the start.
  package var initial: Int
  /// Whether they are ready when the traffic starts; else they are requested then and take a minute or two.
  package var isReadyAtStart: Bool
  /// Keeps the utilization at a target.
  package var tracking: TargetTracking?
  package var schedule: [ScheduledAction]
  /// The clock that ``schedule`` follows; nil for actions that were given one by one.
  package var clock: ClockSchedule?

  /// Any combination; the static functions make the usual ones.
  package init(
    initial: Int, isReadyAtStart: Bool = true, tracking: TargetTracking? = nil,
    schedule: [ScheduledAction] = []
  ) {
    self.initial = initial
    self.isReadyAtStart = isReadyAtStart
    self.tracking = tracking
    self.schedule = schedule
  }

  package static func fixed(_ count: Int) -> Self { Self(initial: count) }

  /// Between the policy's bounds, beginning with the least.
  package static func autoscaled(_ tracking: TargetTracking) -> Self {
    Self(initial: tracking.minimum, tracking: tracking)
  }

  /// By the clock only.
  package static func scheduled(initial: Int, _ actions: [ScheduledAction]) -> Self {
    Self(initial: initial, schedule: actions)
  }

  /// By a clock, within a traffic.
  static func byClock(_ clock: ClockSchedule, _ traffic: Traffic, initial: Int) -> Self {
    let planned = clock.actions(
      startUnixSeconds: traffic.startUnixSeconds, duration: traffic.duration, initial: initial)
    var settings = Self(initial: planned.initial, schedule: planned.actions)
    settings.clock = clock
    return settings
  }

  /// The most that can ever be asked for.
  package var largest: Int {
    max(initial, tracking?.maximum ?? 0, schedule.map(\.maximum).max() ?? 0)
  }

  var problems: [String] {
    var problems =
      tracking?.problems(of: "provisioned concurrency", least: 0, targets: 0.1...0.9) ?? []
    if initial < 0 { problems.append("\(initial) provisioned: it must not be negative") }
    for action in schedule {
      if action.minimum < 0 || action.maximum < action.minimum {
        problems.append(
          "scheduled provisioned concurrency: \(action.minimum) to \(action.maximum) is not a range"
        )
      }
      if action.at < .zero || action.every.map({ $0 <= .zero }) ?? false {
        problems.append(
          "a scheduled action must not lie before the start, nor repeat without a period")
      }
    }
    return problems
  }
}
