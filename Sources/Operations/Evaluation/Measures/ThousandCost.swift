import Prices

/// What 1,000 photographs cost, without free tiers, storage, and logs.
package struct ThousandCost: Sendable, Equatable {
  /// Requests and duration of the function, in dollars.
  package let function: Double
  /// The instance for the duration of the calls, one at a time, in dollars; nil without an instance type. A busy
  /// endpoint that runs several at once costs less per photograph, an idle one more.
  package let endpoint: Double?

  /// - Throws: `PriceError` for an instance type without a price.
  package init(
    functionMilliseconds: Double, endpointMilliseconds: Double?, memoryMB: Int,
    instanceType: String?, prices: PriceList
  ) throws(PriceError) {
    let seconds = functionMilliseconds / 1000
    let perGBSecond = prices.lambda.x86_64.onDemandPerGBSecond.first?.price ?? 0
    function =
      1000
      * (prices.lambda.perMillionRequests / 1e6 + Double(memoryMB) / 1024 * seconds * perGBSecond)
    guard let instanceType, let endpointMilliseconds else {
      endpoint = nil
      return
    }
    endpoint = try prices.hostingPerHour(instanceType) / 3600 * endpointMilliseconds
  }
}
