import ArgumentParser
import CapacityPlanner
import Concurrency
import Foundation

/// The prices that costs are calculated with.
struct PriceOption: ParsableArguments {
  @Option(
    help: ArgumentHelp(
      "A file of prices, as prices-us-east-1.json of CapacityPlanner (default: that one).",
      valueName: "file"))
  var prices: String?

  /// - Throws: `PriceError` that names the file and what is wrong in it.
  func provisioned() throws -> ProvisionedPrices {
    guard let prices else { return ProvisionedPrices(try PriceList.usEast1()) }
    return ProvisionedPrices(try PriceList(contentsOf: URL(filePath: prices)))
  }
}
