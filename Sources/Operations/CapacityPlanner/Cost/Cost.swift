import Prices

/// Dollars, split by what AWS's bill has as items.
package struct Cost: Sendable, Hashable {
  /// Invocations.
  package var requests = 0.0
  /// GB-seconds of on-demand invocations.
  package var onDemandDuration = 0.0
  /// Provisioned concurrency, used or not.
  package var provisionedConcurrency = 0.0
  /// GB-seconds of invocations on provisioned concurrency.
  package var provisionedDuration = 0.0
  /// Instances of the endpoint.
  package var endpointInstances = 0.0

  /// Nothing.
  package init() {}

  /// All of it.
  package var total: Double {
    requests + onDemandDuration + provisionedConcurrency + provisionedDuration + endpointInstances
  }
}

extension BilledQuantities {
  /// The same use kept up for a month of 730 h.
  ///
  /// - Parameter duration: what these quantities are for.
  package func perMonth(of duration: Duration) -> BilledQuantities {
    let factor = PriceList.hoursPerMonth * 3600 / duration.inSeconds
    func scale(_ amount: Int) -> Int { Int((Double(amount) * factor).rounded()) }
    return BilledQuantities(
      requests: scale(requests), onDemandMilliseconds: scale(onDemandMilliseconds),
      provisionedMilliseconds: scale(provisionedMilliseconds),
      provisionedEnvironmentSeconds: provisionedEnvironmentSeconds * factor,
      instanceHours: instanceHours * factor)
  }
}

extension PriceList {
  /// What a month's use costs.
  ///
  /// - Parameters:
  ///   - month: the use of a whole month; tiers and the free tier are a month's.
  ///   - instanceType: of the endpoint; nil when there is none.
  ///   - includesFreeTier: subtracts 1 M requests and 400,000 GB-s of on-demand duration.
  /// - Throws: ``PriceError`` when the instance type has no price.
  package func cost(
    of month: BilledQuantities, memoryMegabytes: Int, architecture: FunctionModel.Architecture,
    instanceType: String?, includesFreeTier: Bool = false
  ) throws(PriceError) -> Cost {
    let prices = architecture == .x86 ? lambda.x86_64 : lambda.arm64
    let gigabytes = Double(memoryMegabytes) / 1024
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
    if let instanceType {
      cost.endpointInstances = month.instanceHours * (try hostingPerHour(instanceType))
    }
    return cost
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
