/// What a minute measured, nil where CloudWatch would have no point.
struct Metrics {
  /// `ProvisionedConcurrencyUtilization`.
  var utilization: Double?
  /// `SageMakerVariantInvocationsPerInstance`, or `ApproximateBacklogSizePerInstance`.
  var perInstance: Double?
  var hasBacklogWithoutCapacity = false
}

/// The few events that are not invocations: minutes of the metrics, points of the series, capacity that becomes ready.
struct Agenda {
  enum Item {
    case endOfPoint
    case endOfMinute
    case metrics(Metrics)
    case pollQueue
    case startOfTraffic
    case provisionedReady(allocation: Int)
    case instancesReady(Int)
    case scheduled(ScheduledAction)
    case endOfTraffic
  }

  private var entries: [(due: Microseconds, item: Item)] = []
  private(set) var nextDue = Microseconds.never

  /// Adds an item; of equal times the one added first comes first.
  mutating func add(_ item: Item, at due: Microseconds) {
    let place = entries.firstIndex { $0.due > due } ?? entries.count
    entries.insert((due, item), at: place)
    nextDue = entries[0].due
  }

  /// The next item, nil when there is none.
  mutating func removeFirst() -> Item? {
    guard !entries.isEmpty else { return nil }
    let item = entries.removeFirst().item
    nextDue = entries.first?.due ?? .never
    return item
  }
}
