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
        "\(PlanText.grouped(Int(traffic.expectedArrivals.rounded()))) in \(DurationText.text(traffic.duration)), "
          + "\(Self.rate(traffic.meanRatePerSecond)) per second on average, "
          + "\(Self.rate(traffic.peakRatePerSecond)) per second at the peak"
      ),
      ("Objective", PlanText.promise(planner.serviceLevel)),
      ("Function", Self.text(function)),
    ]
    rows += planner.variants.map { ("Or", Self.text($0)) }
    rows += [
      ("Called by", caller(function)),
      (
        "Account",
        "\(planner.account.concurrency) concurrent executions, \(planner.account.usedByOthers) used by others"
      ),
      (
        "Assumed",
        "idle environments kept for \(DurationText.text(function.idleLifetime)); metrics "
          + "\(DurationText.text(planner.assumptions.metricDelay)) late; "
          + "a scale-in removes \(Self.rate(planner.assumptions.scaleInShare * 100)) % at a time. "
          + "AWS documents none of them"
      ),
    ]
    rows += planner.endpoints.map { ("Endpoint", Self.text($0)) }
    return rows + [("Clock", planner.timeZone.identifier), ("Seed", "\(planner.seed)")]
  }

  private func caller(_ function: FunctionModel) -> String {
    switch function.source {
    case .asynchronous:
      return
        "s3: throttled events are queued up to \(DurationText.text(function.maximumEventAge)), "
        + "function errors are retried \(function.maximumErrorRetries) times"
    case .synchronous:
      return "http: "
        + (function.clientRetries.map { "the client makes up to \($0.attempts) attempts" }
          ?? "a throttled request is lost")
    case .queue:
      return "sqs: batches of up to \(function.queue.batchSize)"
        + (function.queue.maximumConcurrency.map { ", at most \($0) at once" } ?? "")
        + (function.queue.pollers.map { ", \($0.lowerBound) to \($0.upperBound) pollers" } ?? "")
    }
  }

  private static func text(_ function: FunctionModel) -> String {
    "\(function.memoryMegabytes) MB \(function.architecture.rawValue), \(text(function.duration)), "
      + "\(DurationText.text(function.initDuration)) more when cold, timeout \(DurationText.text(function.timeout))"
  }

  private static func text(_ endpoint: EndpointModel) -> String {
    if let serverless = endpoint.serverless {
      return
        "serverless with \(serverless.memoryMegabytes) MB, \(text(endpoint.serviceTime)) per request; assumed: "
        + "\(DurationText.text(serverless.coldStart)) more when cold, idle environments kept for "
        + "\(DurationText.text(serverless.idleLifetime)), \(serverless.bytesPerRequest / 1000) kB of data per request, "
        + "the price of data and of duration on provisioned concurrency"
    }
    let how =
      endpoint.isAsynchronous
      ? "asynchronous: the objective is about the result, and the wake-up from zero instances takes 2 min of alarm and "
        + "the launch (assumed)"
      : "\(endpoint.routing == .random ? "random" : "least outstanding") routing"
    return "\(endpoint.instanceType), \(text(endpoint.serviceTime)) per request, "
      + "\(endpoint.workersPerInstance) at once per instance, \(how), "
      + "\(DurationText.text(endpoint.launchDelay)) to launch"
  }

  private static func text(_ model: DurationModel) -> String {
    let mean = DurationText.text(.seconds(model.meanSeconds))
    return switch model {
    case .constant: mean
    case .exponential: "\(mean) on average, exponential"
    case .samples(let samples), .sequence(let samples):
      "\(mean) on average of \(samples.count) measured"
    }
  }

  private static func rate(_ value: Double) -> String {
    let rounded = (value * 1000).rounded() / 1000
    return rounded == rounded.rounded() ? "\(Int(rounded))" : "\(rounded)"
  }
}
