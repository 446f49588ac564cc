import CapacityPlanner

/// What provisioned concurrency costs while it rests, which is what it costs at least. Reserved concurrency is free.
///
/// Source: https://aws.amazon.com/lambda/pricing/
public struct ProvisionedPrices: Sendable, Equatable {
  /// Where and when they were read, as `us-east-1, 2026-07-01`.
  public let origin: String
  /// Dollars a GB-second on Intel and AMD.
  public let x86PerGBSecond: Double
  /// Dollars a GB-second on Graviton.
  public let arm64PerGBSecond: Double

  /// The part of a price list that is about provisioned concurrency.
  public init(_ list: PriceList) {
    origin = "\(list.region), \(list.date)"
    x86PerGBSecond = list.lambda.x86_64.provisionedPerGBSecond
    arm64PerGBSecond = list.lambda.arm64.provisionedPerGBSecond
  }

  /// Dollars a month for environments that are there all the time, used or not.
  ///
  /// - Parameter memoryMegabytes: the version's, 128 to 10,240.
  public func perMonth(
    environments: Int, memoryMegabytes: Int, architecture: String
  ) -> Double {
    let price = architecture == "arm64" ? arm64PerGBSecond : x86PerGBSecond
    return Double(environments) * Double(memoryMegabytes) / 1024 * BilledQuantities.hoursPerMonth
      * 3600
      * price
  }
}

extension ProvisionedPrices {
  /// `$10.95 a month at rest`
  func text(environments: Int, memoryMegabytes: Int, architecture: String) -> String {
    let dollars = perMonth(
      environments: environments, memoryMegabytes: memoryMegabytes, architecture: architecture)
    return "\(Self.text(dollars)) a month at rest"
  }

  /// `$10.95`
  public static func text(_ dollars: Double) -> String {
    let cents = Int((dollars * 100).rounded())
    let rest = cents % 100
    return "$\(cents / 100).\(rest < 10 ? "0" : "")\(rest)"
  }
}
