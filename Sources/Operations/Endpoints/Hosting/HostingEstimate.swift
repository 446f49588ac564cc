import Prices

/// Cost and throughput of an endpoint.
package struct HostingEstimate: Sendable, Equatable {
  /// For example `ml.m5.xlarge`.
  package let instanceType: String
  /// Photographs a second that one instance serves.
  package let imagesPerSecond: Double
  /// Whether the speed was measured by the user.
  package let isMeasured: Bool
  /// Computed from the rate, or as given.
  package let instances: Int
  package let dollarsPerHour: Double
  /// 730 h.
  package let dollarsPerMonth: Double
  /// Dollars for a million photographs on instances that are never idle.
  package let dollarsPerMillionAtBest: Double

  /// Every type with a price and a speed, cheapest first.
  ///
  /// - Parameters:
  ///   - instances: a fixed number; nil computes it from the rate.
  ///   - peakPerSecond: the peak rate; nil is one instance.
  ///   - utilization: of an instance's speed, 0 to 1; AWS suggests 0.5 to start with.
  ///   - measured: photographs a second by instance type; the key `""` is for every type.
  package static func all(
    instances: Int?, peakPerSecond: Double?, utilization: Double, prices: PriceList,
    measured: [String: Double] = [:]
  ) -> [HostingEstimate] {
    prices.hostingPerHour.compactMap { type, price in
      let own = measured[type] ?? measured[""]
      guard let speed = own ?? prices.assumptions.hostingImagesPerSecond[type], speed > 0 else {
        return nil
      }
      let needed = peakPerSecond.map {
        Int(min($0 / (speed * utilization), 1e15).rounded(.up))
      }
      let count = max(1, instances ?? needed ?? 1)
      return HostingEstimate(
        instanceType: type, imagesPerSecond: speed, isMeasured: own != nil, instances: count,
        dollarsPerHour: price * Double(count),
        dollarsPerMonth: price * Double(count) * PriceList.hoursPerMonth,
        dollarsPerMillionAtBest: 1e6 / speed / 3600 * price)
    }.sorted { ($0.dollarsPerHour, $0.instanceType) < ($1.dollarsPerHour, $1.instanceType) }
  }
}
