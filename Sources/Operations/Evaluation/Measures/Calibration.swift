/// Whether probabilities mean what they say: accuracy of those that the model is about equally sure of.
package struct Calibration: Sendable, Equatable {
  package static let binCount = 15

  package struct Bin: Sendable, Equatable {
    /// Probabilities above it …
    package let lower: Double
    /// … up to and including it.
    package let upper: Double
    package let count: Int
    /// Mean probability of the class ranked first; nil of none.
    package let confidence: Double?
    /// Nil of none.
    package let accuracy: Double?
  }

  package let bins: [Bin]
  package let total: Int

  /// - Parameter observations: those without a label or a probability are left out.
  package init(_ observations: [Observation]) {
    var counts = [Int](repeating: 0, count: Self.binCount)
    var right = counts
    var confidences = [Double](repeating: 0, count: Self.binCount)
    for observation in observations {
      guard let confidence = observation.confidence, let isRight = observation.isRight
      else { continue }
      let bin = Self.bin(of: confidence)
      counts[bin] += 1
      right[bin] += isRight ? 1 : 0
      confidences[bin] += confidence
    }
    bins = counts.indices.map { bin in
      let count = Double(counts[bin])
      return Bin(
        lower: Self.edge(bin), upper: Self.edge(bin + 1), count: counts[bin],
        confidence: count > 0 ? confidences[bin] / count : nil,
        accuracy: count > 0 ? Double(right[bin]) / count : nil)
    }
    total = counts.reduce(0, +)
  }

  /// `(m − 1)/15 < p ≤ m/15`; 0 is in the first.
  private static func bin(of probability: Double) -> Int {
    // A file may say anything: a number outside of 0 to 1 is in the first bin or in the last.
    let last = Double(binCount - 1)
    var bin = Int(min(last, max(0, (probability * Double(binCount)).rounded(.up) - 1)))
    // The product is rounded; the edge decides.
    if bin > 0, probability <= edge(bin) { bin -= 1 }
    if bin + 1 < binCount, probability > edge(bin + 1) { bin += 1 }
    return bin
  }

  private static func edge(_ index: Int) -> Double { Double(index) / Double(binCount) }

  /// Mean distance of probability and accuracy (expected calibration error); nil of none.
  ///
  /// Source: Guo et al., On Calibration of Modern Neural Networks, https://arxiv.org/abs/1706.04599
  package var expectedError: Double? {
    guard total > 0 else { return nil }
    return bins.reduce(0) { sum, bin in
      guard let accuracy = bin.accuracy, let confidence = bin.confidence else { return sum }
      return sum + Double(bin.count) / Double(total) * abs(accuracy - confidence)
    }
  }
}
