import Prices

/// A set of settings that was simulated, what it costs and what users feel.
package struct Alternative: Sendable, Hashable {
  /// The kinds of concurrency settings, the simplest first.
  package enum Kind: String, Sendable, Hashable, Codable, CaseIterable, Comparable {
    case nothing
    case reserved
    /// A fixed number of provisioned environments.
    case provisioned
    /// Provisioned environments by the clock.
    case scheduled
    /// Provisioned environments that track their utilization.
    case autoscaled

    /// In the order of their declaration.
    package static func < (left: Kind, right: Kind) -> Bool {
      (allCases.firstIndex(of: left) ?? 0) < (allCases.firstIndex(of: right) ?? 0)
    }
  }

  /// Kind of the function's setting.
  package let kind: Kind
  package let scenario: Scenario
  /// Cost of a month of 730 h of such traffic.
  package let monthlyCost: Cost
  /// Latency at the service level's percentile over all requests; nil when more than the rest never ended well.
  package let promisedLatency: Duration?
  /// Whether it keeps the latency that is promised.
  package let meetsLatency: Bool
  /// Whether it keeps the whole service level: the latency, and no more refused than is allowed.
  package var meetsServiceLevel: Bool
  /// How sure that is, when it was simulated several times.
  package var certainty: Certainty?
  /// Percentiles of the requests that ended well.
  package let p50: Duration?
  /// 99th percentile of the requests that ended well.
  package let p99: Duration?
  /// 99.9th percentile of the requests that ended well.
  package let p999: Duration?
  /// Share of invocations that were cold.
  package let coldShare: Double
  /// Share of requests that did not end well.
  package let unservedShare: Double
  /// Share of requests that the capacity refused.
  package var refusedShare: Double {
    counts.arrivals == 0 ? 0 : Double(counts.refused) / Double(counts.arrivals)
  }
  /// Counts: arrivals, throttled, failed, lost and the rest.
  package let counts: Counts

  /// The counts of an outcome that a table shows.
  package struct Counts: Sendable, Hashable {
    package let arrivals: Int
    package let completed: Int
    /// Attempts that were throttled, retried or not.
    package let throttles: Int
    /// Synchronous requests answered 429.
    package let throttled: Int
    /// Synchronous requests that ended in a function error.
    package let failed: Int
    /// Asynchronous events given up.
    package let lost: Int
    /// Requests that the capacity refused, whatever it is called: throttled, timed out, lost.
    package let refused: Int
    /// Invocations that had to create an environment.
    package let coldStarts: Int
    /// Cold starts of a serverless endpoint.
    package let endpointColdStarts: Int
    package let peakConcurrency: Int
  }

  init(
    _ scenario: Scenario, _ outcome: Outcome, _ duration: Duration, _ level: ServiceLevel,
    _ prices: PriceList, includesFreeTier: Bool
  ) throws(PriceError) {
    self.scenario = scenario
    kind = Kind(scenario.concurrency)
    monthlyCost = try prices.cost(
      of: outcome.billed.perMonth(of: duration), function: scenario.function,
      endpoint: scenario.endpoint, includesFreeTier: includesFreeTier)
    promisedLatency = outcome.latency.percentile(level.percentile, of: outcome.arrivals)
    meetsLatency = promisedLatency.map { $0 <= level.latency } ?? false
    meetsServiceLevel =
      meetsLatency
      && outcome.refused <= level.allowedRefused(of: outcome.arrivals, least: outcome.refused)
    p50 = outcome.latency.percentile(0.5)
    p99 = outcome.latency.percentile(0.99)
    p999 = outcome.latency.percentile(0.999)
    coldShare = outcome.coldShare
    unservedShare = outcome.unservedShare
    counts = Counts(
      arrivals: outcome.arrivals, completed: outcome.completed, throttles: outcome.throttles.total,
      throttled: outcome.throttled, failed: outcome.failed, lost: outcome.lost.total,
      refused: outcome.refused, coldStarts: outcome.coldStarts,
      endpointColdStarts: outcome.endpointColdStarts, peakConcurrency: outcome.peakConcurrency)
  }

  /// Cheaper first; of equal cost the simpler setting, then the faster.
  static func isBetter(_ left: Alternative, _ right: Alternative) -> Bool {
    let (leftCost, rightCost) = (left.monthlyCost.total, right.monthlyCost.total)
    if abs(leftCost - rightCost) > 1e-6 { return leftCost < rightCost }
    if left.kind != right.kind { return left.kind < right.kind }
    return isFaster(left, right)
  }

  /// Lower latency at the promised percentile first; where that is missing, fewer requests unserved.
  static func isFaster(_ left: Alternative, _ right: Alternative) -> Bool {
    switch (left.promisedLatency, right.promisedLatency) {
    case (let left?, let right?): left < right
    case (nil, nil): left.unservedShare < right.unservedShare
    case (let latency, _): latency != nil
    }
  }
}

extension Alternative.Kind {
  init(_ settings: ConcurrencySettings) {
    if let provisioned = settings.provisioned {
      self =
        provisioned.tracking != nil
        ? .autoscaled : provisioned.schedule.isEmpty ? .provisioned : .scheduled
    } else {
      self = settings.reserved == nil ? .nothing : .reserved
    }
  }
}

extension Alternative: CustomStringConvertible {
  /// The settings in a few words.
  package var description: String {
    var words = [scenario.concurrency.description]
    if let endpoint = scenario.endpoint { words.append(endpoint.description) }
    return words.joined(separator: ", ")
  }
}

extension ConcurrencySettings: CustomStringConvertible {
  package var description: String {
    var words: [String] = []
    if let reserved { words.append("reserved concurrency \(reserved)") }
    if let provisioned {
      if let tracking = provisioned.tracking {
        words.append(
          "provisioned concurrency \(tracking.minimum) to \(tracking.maximum) at \(tracking.target) utilization"
        )
      } else if provisioned.schedule.isEmpty {
        words.append("provisioned concurrency \(provisioned.initial)")
      } else {
        let amounts = provisioned.schedule.map(\.minimum)
        words.append(
          "provisioned concurrency by the hour, \(amounts.min() ?? 0) to \(amounts.max() ?? 0)")
      }
    }
    return words.isEmpty ? "no concurrency setting" : words.joined(separator: ", ")
  }
}

extension EndpointModel: CustomStringConvertible {
  package var description: String {
    if let serverless {
      return
        "serverless \(serverless.memoryMegabytes) MB, at most \(serverless.maximumConcurrency) at once"
        + (serverless.provisioned > 0 ? ", \(serverless.provisioned) provisioned" : "")
    }
    let prefix = isAsynchronous ? "asynchronous, " : ""
    guard let tracking else { return "\(prefix)\(instances) × \(instanceType)" }
    let metric =
      isAsynchronous ? "waiting requests per instance" : "invocations per minute and instance"
    return
      "\(prefix)\(tracking.minimum) to \(tracking.maximum) × \(instanceType) at \(Int(tracking.target)) \(metric), cooldowns \(Int(tracking.scaleOutCooldown.inSeconds)) s out and \(Int(tracking.scaleInCooldown.inSeconds)) s in"
  }
}
