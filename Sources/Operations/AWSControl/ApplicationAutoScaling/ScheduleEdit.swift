/// Replaces the scheduled actions that an earlier run has set; others stay.
struct ScheduleEdit {
  private static let prefix = "inferencectl-schedule-"

  let resource: ScalableResource
  let present: [ScheduledAction]

  func put(
    _ schedules: [ScheduledBounds], with client: ControlClient
  ) throws -> [ScalingChange.Difference] {
    var differences: [ScalingChange.Difference] = []
    for (index, wish) in schedules.enumerated() {
      let name = Self.prefix + String(index + 1)
      if let action = present.first(where: { $0.name == name }), action.meets(wish) { continue }
      try client.write(
        PutScheduledAction(
          resource: resource, actionName: name, schedule: wish.schedule, timezone: wish.timezone,
          minimumCapacity: wish.minimum, maximumCapacity: wish.maximum))
      differences.append(.init(setting: name, before: text(of: name), after: wish.text))
    }
    return differences
  }

  func deleteSurplus(_ count: Int, with client: ControlClient) throws -> [String] {
    let kept = Set((0..<count).map { Self.prefix + String($0 + 1) })
    let surplus = present.map(\.name).filter {
      $0.hasPrefix(Self.prefix) && !kept.contains($0)
    }
    for name in surplus {
      try client.write(DeleteScheduledAction(resource: resource, actionName: name))
    }
    return surplus
  }

  func text(of name: String) -> String? { present.first { $0.name == name }?.text }
}

extension ScheduledAction {
  /// `cron(0 20 * * ? *) UTC: 0-2`
  package var text: String {
    "\(schedule) \(timezone ?? "UTC"): \(minimumCapacity.map(String.init) ?? "unchanged")-"
      + (maximumCapacity.map(String.init) ?? "unchanged")
  }

  fileprivate func meets(_ wish: ScheduledBounds) -> Bool {
    schedule == wish.schedule && (timezone ?? "UTC") == (wish.timezone ?? "UTC")
      && minimumCapacity == wish.minimum && maximumCapacity == wish.maximum
  }
}

extension ScheduledBounds {
  var text: String { "\(schedule) \(timezone ?? "UTC"): \(minimum)-\(maximum)" }
}
