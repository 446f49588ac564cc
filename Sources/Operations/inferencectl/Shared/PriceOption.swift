import ArgumentParser
import Foundation
import Prices

/// A price file; see `PriceList` for its format.
struct PriceOption: ParsableArguments {
  @Option(
    help: ArgumentHelp(
      "Price file that replaces the built-in prices of us-east-1, for example prices-eu-west-1.json.",
      valueName: "file"))
  var prices: String?

  /// - Throws: `PriceError` that names the file and the member that is missing or wrong.
  func load() throws -> PriceList {
    try prices.map { try PriceList(contentsOf: URL(fileURLWithPath: $0)) } ?? .usEast1()
  }
}
