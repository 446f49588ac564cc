import ArgumentParser
import Foundation
import InstancePrices

/// Prices and speeds of an estimate.
struct PriceOptions: ParsableArguments {
  @Option(
    help: ArgumentHelp(
      "A price file instead of the one that comes with the program (us-east-1).", valueName: "file")
  )
  var prices: String?

  @Option(
    name: .customLong("images-per-second"),
    help: ArgumentHelp(
      "A measured speed, for one type (ml.g4dn.xlarge=312) or all (312); may be repeated.",
      valueName: "[type=]number"))
  var speedTexts: [String] = []

  func validate() throws { _ = try speeds() }

  func load() throws -> InstancePrices {
    try prices.map { try InstancePrices(contentsOf: URL(fileURLWithPath: $0)) }
      ?? InstancePrices.usEast1()
  }

  /// By type; the key `""` is for all.
  func speeds() throws -> [String: Double] {
    var speeds: [String: Double] = [:]
    for text in speedTexts {
      let parts = text.split(separator: "=", maxSplits: 1).map(String.init)
      guard let last = parts.last, let speed = Double(last), speed > 0, speed.isFinite else {
        throw ValidationError("--images-per-second wants NUMBER or TYPE=NUMBER, not \(text).")
      }
      speeds[parts.count > 1 ? parts[0] : ""] = speed
    }
    return speeds
  }
}
