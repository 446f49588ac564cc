/// Actions that wait for their time, the next one first.
struct ScheduledActions {
  private var actions: [(dueMilliseconds: Int64, action: () -> Void)] = []

  var isEmpty: Bool { actions.isEmpty }
  /// When the next one is due, on the monotonic clock; `Int64.max` without one.
  var nextMilliseconds: Int64 { actions.first?.dueMilliseconds ?? .max }

  /// Actions of the same time keep their order.
  mutating func add(dueMilliseconds: Int64, _ action: @escaping () -> Void) {
    let index = actions.firstIndex { $0.dueMilliseconds > dueMilliseconds } ?? actions.endIndex
    actions.insert((dueMilliseconds, action), at: index)
  }

  /// Takes out the next one, if it is due.
  mutating func takeDue(atMilliseconds now: Int64) -> (() -> Void)? {
    guard !isEmpty, nextMilliseconds <= now else { return nil }
    return actions.removeFirst().action
  }
}
