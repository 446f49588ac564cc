import Prices

/// Dollars, by the items of AWS's bill.
package struct Cost: Sendable, Hashable {
  package var requests = 0.0
  /// GB-seconds of on-demand invocations.
  package var onDemandDuration = 0.0
  /// Provisioned concurrency, used or not.
  package var provisionedConcurrency = 0.0
  /// GB-seconds of invocations on provisioned concurrency.
  package var provisionedDuration = 0.0
  /// `/tmp` beyond 512 MB.
  package var ephemeralStorage = 0.0
  /// Pollers of a provisioned event source mapping.
  package var pollers = 0.0
  package var endpointInstances = 0.0
  /// GB-seconds and data of a serverless endpoint.
  package var endpointRequests = 0.0
  /// A serverless endpoint's provisioned concurrency, used or not.
  package var endpointProvisioned = 0.0

  package init() {}

  package var items: [Double] {
    [
      requests, onDemandDuration, provisionedConcurrency, provisionedDuration, ephemeralStorage,
      pollers, endpointInstances, endpointRequests, endpointProvisioned,
    ]
  }

  package var total: Double { items.reduce(0, +) }

  package var endpoint: Double { endpointInstances + endpointRequests + endpointProvisioned }

  /// As AWS's price examples add: each item rounded to cents first.
  package var totalCents: Int { items.reduce(0) { $0 + Int(($1 * 100).rounded()) } }
}

extension BilledQuantities {
  /// The same use kept up for a month of 730 h.
  ///
  /// - Parameter duration: what these quantities are for.
  package func perMonth(of duration: Duration) -> BilledQuantities {
    let factor = PriceList.hoursPerMonth * 3600 / duration.inSeconds
    func scale(_ amount: Int) -> Int { Int((Double(amount) * factor).rounded()) }
    var month = BilledQuantities(
      requests: scale(requests), onDemandMilliseconds: scale(onDemandMilliseconds),
      provisionedMilliseconds: scale(provisionedMilliseconds),
      provisionedEnvironmentSeconds: provisionedEnvironmentSeconds * factor,
      instanceHours: instanceHours * factor)
    month.serverlessMilliseconds = scale(serverlessMilliseconds)
    month.serverlessProvisionedMilliseconds = scale(serverlessProvisionedMilliseconds)
    month.serverlessProvisionedEnvironmentSeconds =
      serverlessProvisionedEnvironmentSeconds * factor
    month.serverlessRequests = scale(serverlessRequests)
    month.pollerHours = pollerHours * factor
    return month
  }
}

extension PriceList {
  /// What a month's use costs.
  ///
  /// - Parameters:
  ///   - month: the use of a whole month; tiers and the free tier are a month's.
  ///   - includesFreeTier: subtracts 1 M requests and 400,000 GB-s of on-demand duration.
  /// - Throws: ``PriceError`` when the instance type, or what else is used, has no price.
  package func cost(
    of month: BilledQuantities, function: FunctionModel, endpoint: EndpointModel?,
    includesFreeTier: Bool = false
  ) throws(PriceError) -> Cost {
    let prices = function.architecture == .x86 ? lambda.x86_64 : lambda.arm64
    let gigabytes = Double(function.memoryMegabytes) / 1024
    let freeRequests = includesFreeTier ? lambda.freeRequests : 0
    let freeGBSeconds = includesFreeTier ? lambda.freeGBSeconds : 0
    var cost = Cost()
    cost.requests = max(0, Double(month.requests) - freeRequests) / 1e6 * lambda.perMillionRequests
    cost.onDemandDuration = Self.tiered(
      max(0, Double(month.onDemandMilliseconds) / 1e3 * gigabytes - freeGBSeconds),
      prices.onDemandPerGBSecond)
    cost.provisionedConcurrency =
      month.provisionedEnvironmentSeconds * gigabytes * prices.provisionedPerGBSecond
    cost.provisionedDuration =
      Double(month.provisionedMilliseconds) / 1e3 * gigabytes
      * prices.provisionedDurationPerGBSecond
    let storage = Double(function.ephemeralStorageMegabytes - 512) / 1024
    if storage > 0 {
      let seconds = Double(month.onDemandMilliseconds + month.provisionedMilliseconds) / 1e3
      cost.ephemeralStorage =
        seconds * storage * (try price(lambda.ephemeralStoragePerGBSecond, "/tmp beyond 512 MB"))
    }
    if month.pollerHours > 0 {
      cost.pollers = month.pollerHours * (try price(lambda.pollerPerHour, "event pollers"))
    }
    if let serverless = endpoint?.serverless {
      try add(month, serverless, to: &cost)
    } else if let endpoint {
      cost.endpointInstances = month.instanceHours * (try hostingPerHour(endpoint.instanceType))
    }
    return cost
  }

  private func add(
    _ month: BilledQuantities, _ model: ServerlessModel, to cost: inout Cost
  ) throws(PriceError) {
    guard let prices = serverlessHosting else { throw missing("serverless endpoints") }
    cost.endpointRequests = prices.requests(
      memoryMegabytes: model.memoryMegabytes,
      onDemandSeconds: Double(month.serverlessMilliseconds) / 1e3,
      provisionedSeconds: Double(month.serverlessProvisionedMilliseconds) / 1e3,
      bytes: Double(month.serverlessRequests) * Double(model.bytesPerRequest))
    cost.endpointProvisioned = prices.provisioned(
      memoryMegabytes: model.memoryMegabytes,
      environmentSeconds: month.serverlessProvisionedEnvironmentSeconds)
  }

  private func price(_ price: Double?, _ what: String) throws(PriceError) -> Double {
    if let price { return price }
    throw missing(what)
  }

  private func missing(_ what: String) -> PriceError {
    PriceError(message: "no price of \(what) in the prices of \(region), \(date)")
  }

  /// What a scenario costs at least, whatever the traffic: instances and provisioned concurrency.
  ///
  /// - Throws: ``PriceError`` when something has no price.
  package func fixedCost(of scenario: Scenario) throws(PriceError) -> Double {
    let hours = PriceList.hoursPerMonth
    var month = BilledQuantities()
    if let provisioned = scenario.concurrency.provisioned {
      let least = ([provisioned.initial] + provisioned.schedule.map(\.minimum)).min() ?? 0
      let tracked = provisioned.tracking?.minimum ?? least
      month.provisionedEnvironmentSeconds = Double(min(least, tracked)) * hours * 3600
    }
    if let endpoint = scenario.endpoint {
      month.instanceHours = Double(endpoint.tracking?.minimum ?? endpoint.instances) * hours
      month.serverlessProvisionedEnvironmentSeconds =
        Double(endpoint.serverless?.provisioned ?? 0) * hours * 3600
    }
    return try cost(of: month, function: scenario.function, endpoint: scenario.endpoint).total
  }

  private static func tiered(_ gigabyteSeconds: Double, _ tiers: [Tier]) -> Double {
    var cost = 0.0
    var counted = 0.0
    for tier in tiers where gigabyteSeconds > counted {
      let end = min(gigabyteSeconds, tier.upToGBSeconds ?? .infinity)
      cost += (end - counted) * tier.price
      counted = end
    }
    return cost
  }
}
