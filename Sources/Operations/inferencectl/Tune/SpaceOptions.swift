import ArgumentParser
import Training

struct SpaceOptions: ParsableArguments {
  @Option(help: "Range of learning rates, on a logarithmic scale, for example 0.001...0.1.")
  var learningRates = "0.001...0.1"

  @Option(
    help: ArgumentHelp(
      "Range of batch sizes, on a logarithmic scale (default: 32...512, or as many as fit in the memory).",
      valueName: "minimum...maximum"))
  var batchSizes: String?

  func validate() throws { _ = try space(limit: nil) }

  /// - Parameter limit: photographs of a step that fit in the memory; nil is unknown. It bounds the
  ///   default range only: an explicit one is the user's.
  func space(limit: Int?) throws -> TuningSpace {
    var space = TuningSpace()
    let rates = Self.bounds(learningRates).compactMap { Double($0) }
    guard rates.count == 2, rates[0] > 0, rates[0] < rates[1], rates[1] <= 10 else {
      throw ValidationError(
        "--learning-rates must be MINIMUM...MAXIMUM, for example 0.001...0.1, not \(learningRates)."
      )
    }
    space.learningRate = rates[0]...rates[1]
    guard let batchSizes else {
      if let limit { space.limitBatchSize(to: limit) }
      return space
    }
    let sizes = Self.bounds(batchSizes).compactMap { Int($0) }
    guard sizes.count == 2, sizes[0] > 0, sizes[0] < sizes[1], sizes[1] <= 4096 else {
      throw ValidationError(
        "--batch-sizes must be MINIMUM...MAXIMUM, for example 32...512, not \(batchSizes).")
    }
    space.batchSize = sizes[0]...sizes[1]
    return space
  }

  /// A remark when an explicit range goes beyond what fits.
  func remark(limit: Int?, place: String) throws -> String? {
    let largest = try space(limit: limit).batchSize.upperBound
    guard let limit, largest > limit else { return nil }
    return
      "A batch of \(largest) may not fit in the memory of \(place), which holds about \(limit) photographs: "
      + "such trials fail"
  }

  private static func bounds(_ text: String) -> [Substring] {
    let parts = text.split(separator: "...", omittingEmptySubsequences: false)
    return parts.count == 2 ? parts : []
  }
}
