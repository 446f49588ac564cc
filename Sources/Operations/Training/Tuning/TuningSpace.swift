import AWSControl
import Foundation

/// The ranges of learning rate and batch size.
///
/// Both have logarithmic scales, because their ratios matter.
package struct TuningSpace: Sendable, Equatable {
  /// Above 0.
  package var learningRate: ClosedRange<Double> = 0.001...0.1
  /// 1 or more.
  package var batchSize: ClosedRange<Int> = 32...512

  /// Learning rate 0.001–0.1, batch size 32…512.
  package init() {}

  /// Lowers the range to what fits in the memory; at least a factor of two stays to search.
  package mutating func limitBatchSize(to limit: Int) {
    let upper = max(2, min(batchSize.upperBound, limit))
    batchSize = min(batchSize.lowerBound, upper / 2)...upper
  }

  /// The ranges as SageMaker defines them.
  package var ranges: [CreateHyperParameterTuningJob.Range] {
    [
      .init(
        name: "learning-rate", kind: .continuous, minimum: String(learningRate.lowerBound),
        maximum: String(learningRate.upperBound), scaling: "Logarithmic"),
      .init(
        name: "batch-size", kind: .integer, minimum: String(batchSize.lowerBound),
        maximum: String(batchSize.upperBound), scaling: "Logarithmic"),
    ]
  }

  /// Points for trials on this machine: a random start, then the additive recurrence of the plastic
  /// number (Roberts's R2 sequence), which fills the plane more evenly than random points do.
  ///
  /// - Parameter seed: the same seed gives the same points.
  package func points(_ count: Int, seed: UInt64) -> [(learningRate: Double, batchSize: Int)] {
    // The real root of x³ = x + 1.
    let plastic = 1.32471795724474602596
    var state = seed
    let start = (0..<2).map { _ in Double(Self.next(&state) >> 11) / Double(1 << 53) }
    return (0..<count).map { index in
      let first = (start[0] + Double(index + 1) / plastic).truncatingRemainder(dividingBy: 1)
      let second =
        (start[1] + Double(index + 1) / (plastic * plastic)).truncatingRemainder(dividingBy: 1)
      return (
        Self.rounded(Self.logarithmic(first, learningRate.lowerBound, learningRate.upperBound)),
        Int(
          Self.logarithmic(second, Double(batchSize.lowerBound), Double(batchSize.upperBound))
            .rounded())
      )
    }
  }

  private static func logarithmic(_ share: Double, _ minimum: Double, _ maximum: Double) -> Double {
    exp(log(minimum) + share * (log(maximum) - log(minimum)))
  }

  /// Four digits are more than the search can distinguish.
  private static func rounded(_ value: Double) -> Double {
    let scale = pow(10, 3 - floor(log10(value)))
    return (value * scale).rounded() / scale
  }

  private static func next(_ state: inout UInt64) -> UInt64 {
    state &+= 0x9e37_79b9_7f4a_7c15
    var value = state
    value = (value ^ (value >> 30)) &* 0xbf58_476d_1ce4_e5b9
    value = (value ^ (value >> 27)) &* 0x94d0_49bb_1331_11eb
    return value ^ (value >> 31)
  }
}
