/// The fixed cost of provisioned concurrency while idle, which is its minimum. Reserved concurrency is free.
///
/// Source: https://aws.amazon.com/lambda/pricing/
package struct ProvisionedPrices: Sendable, Equatable {
  /// Region and date of the prices, as `us-east-1, 2026-07-01`.
  package let origin: String
  /// Dollars per GB-second on Intel and AMD.
  package let x86PerGBSecond: Double
  /// Dollars per GB-second on Graviton.
  package let arm64PerGBSecond: Double

  package init(_ list: PriceList) {
    origin = "\(list.region), \(list.date)"
    x86PerGBSecond = list.lambda.x86_64.provisionedPerGBSecond
    arm64PerGBSecond = list.lambda.arm64.provisionedPerGBSecond
  }

  /// Dollars per month for environments that are there all the time, used or not.
  ///
  /// - Parameter memoryMegabytes: the version's, 128 to 10,240.
  package func perMonth(
    environments: Int, memoryMegabytes: Int, architecture: String
  ) -> Double {
    let price = architecture == "arm64" ? arm64PerGBSecond : x86PerGBSecond
    return Double(environments) * Double(memoryMegabytes) / 1024 * PriceList.hoursPerMonth * 3600
      * price
  }

  /// `fixed monthly cost $10.95`
  package func text(environments: Int, memoryMegabytes: Int, architecture: String) -> String {
    let dollars = perMonth(
      environments: environments, memoryMegabytes: memoryMegabytes, architecture: architecture)
    return "fixed monthly cost \(Self.text(dollars))"
  }

  /// `$10.95`
  package static func text(_ dollars: Double) -> String {
    let cents = Int((dollars * 100).rounded())
    let rest = cents % 100
    return "$\(cents / 100).\(rest < 10 ? "0" : "")\(rest)"
  }
}
