import ArgumentParser
import Training

struct SpaceOptions: ParsableArguments {
  @Option(help: "Range of learning rates, on a logarithmic scale, for example 0.001...0.1.")
  var learningRates = "0.001...0.1"

  @Option(help: "Range of batch sizes, on a logarithmic scale, for example 32...512.")
  var batchSizes = "32...512"

  func validate() throws { _ = try space() }

  func space() throws -> TuningSpace {
    var space = TuningSpace()
    let rates = Self.bounds(learningRates).compactMap { Double($0) }
    guard rates.count == 2, rates[0] > 0, rates[0] < rates[1], rates[1] <= 10 else {
      throw ValidationError(
        "--learning-rates must be MINIMUM...MAXIMUM, for example 0.001...0.1, not \(learningRates)."
      )
    }
    let sizes = Self.bounds(batchSizes).compactMap { Int($0) }
    guard sizes.count == 2, sizes[0] > 0, sizes[0] < sizes[1], sizes[1] <= 4096 else {
      throw ValidationError(
        "--batch-sizes must be MINIMUM...MAXIMUM, for example 32...512, not \(batchSizes).")
    }
    space.learningRate = rates[0]...rates[1]
    space.batchSize = sizes[0]...sizes[1]
    return space
  }

  private static func bounds(_ text: String) -> [Substring] {
    let parts = text.split(separator: "...", omittingEmptySubsequences: false)
    return parts.count == 2 ? parts : []
  }
}
