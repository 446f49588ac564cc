/// Dollars, split by what AWS's bill has as items.
public struct Cost: Sendable, Hashable {
  /// Invocations.
  public var requests = 0.0
  /// GB-seconds of on-demand invocations.
  public var onDemandDuration = 0.0
  /// Provisioned concurrency, used or not.
  public var provisionedConcurrency = 0.0
  /// GB-seconds of invocations on provisioned concurrency.
  public var provisionedDuration = 0.0
  /// Instances of the endpoint.
  public var endpointInstances = 0.0

  /// Nothing.
  public init() {}

  /// All of it.
  public var total: Double {
    requests + onDemandDuration + provisionedConcurrency + provisionedDuration + endpointInstances
  }
}

extension BilledQuantities {
  /// A month in the prices' sense: 730 h.
  public static let hoursPerMonth = 730.0

  /// The same use kept up for a month of 730 h.
  ///
  /// - Parameter duration: what these quantities are for.
  public func perMonth(of duration: Duration) -> BilledQuantities {
    let factor = Self.hoursPerMonth * 3600 / duration.inSeconds
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
  public func cost(
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

  /// An instance's price, dollars an hour.
  ///
  /// - Throws: ``PriceError`` that lists the types that have one.
  public func hostingPerHour(_ instanceType: String) throws(PriceError) -> Double {
    if let price = sagemakerHostingPerHour[instanceType] { return price }
    let known = sagemakerHostingPerHour.keys.sorted().joined(separator: ", ")
    throw PriceError(
      message: "no price of \(instanceType) in \(region), \(date); there are prices of \(known)")
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
