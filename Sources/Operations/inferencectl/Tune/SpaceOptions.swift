import ArgumentParser
import Training

struct SpaceOptions: ParsableArguments {
  @Option(help: "Learning rates, on a logarithmic scale.")
  var learningRates = "0.001...0.1"

  @Option(help: "Batch sizes, on a logarithmic scale.")
  var batchSizes = "32...512"

  func validate() throws { _ = try space() }

  func space() throws -> TuningSpace {
    var space = TuningSpace()
    let rates = Self.bounds(learningRates).compactMap { Double($0) }
    guard rates.count == 2, rates[0] > 0, rates[0] < rates[1], rates[1] <= 10 else {
      throw ValidationError(
        "--learning-rates wants LEAST...MOST, as 0.001...0.1, not \(learningRates).")
    }
    let sizes = Self.bounds(batchSizes).compactMap { Int($0) }
    guard sizes.count == 2, sizes[0] > 0, sizes[0] < sizes[1], sizes[1] <= 4096 else {
      throw ValidationError("--batch-sizes wants LEAST...MOST, as 32...512, not \(batchSizes).")
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
