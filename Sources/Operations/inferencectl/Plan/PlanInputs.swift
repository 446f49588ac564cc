import CapacityPlanner

/// What a plan was made from, in words.
struct PlanInputs {
  let planner: Planner
  let traffic: Traffic
  let name: String

  var rows: [(name: String, value: String)] {
    let function = planner.function
    var rows = [
      ("Traffic", name),
      (
        "Arrivals",
        "\(Int(traffic.expectedArrivals.rounded())) in \(DurationText.text(traffic.duration)), "
          + "\(Self.rate(traffic.meanRatePerSecond)) a second on average, "
          + "\(Self.rate(traffic.peakRatePerSecond)) at the peak"
      ),
      (
        "Function",
        "\(function.memoryMegabytes) MB \(function.architecture.rawValue), \(Self.text(function.duration)) and "
          + "\(DurationText.text(function.initDuration)) more when cold, time-out \(DurationText.text(function.timeout))"
      ),
      (
        "Called by",
        function.source == .asynchronous
          ? "s3: events are queued and tried again" : "http: a throttled request is lost"
      ),
      (
        "Account",
        "\(planner.account.concurrency) concurrent executions, \(planner.account.usedByOthers) used by others"
      ),
      ("Idle lifetime", "\(DurationText.text(function.idleLifetime)), which AWS does not document"),
    ]
    if let endpoint = planner.endpoint {
      rows.append(
        (
          "Endpoint",
          "\(endpoint.instanceType), \(Self.text(endpoint.serviceTime)) a request, "
            + "\(endpoint.workersPerInstance) at once an instance, "
            + "\(endpoint.routing == .random ? "random" : "least outstanding") routing, "
            + "\(DurationText.text(endpoint.launchDelay)) to launch"
        ))
    }
    return rows + [("Seed", "\(planner.seed)")]
  }

  private static func text(_ model: DurationModel) -> String {
    let mean = DurationText.text(.seconds(model.meanSeconds))
    return switch model {
    case .constant: mean
    case .exponential: "\(mean) on average, exponential"
    case .samples(let samples): "\(mean) on average of \(samples.count) measured"
    }
  }

  private static func rate(_ value: Double) -> String {
    let rounded = (value * 1000).rounded() / 1000
    return rounded == rounded.rounded() ? "\(Int(rounded))" : "\(rounded)"
  }
}
