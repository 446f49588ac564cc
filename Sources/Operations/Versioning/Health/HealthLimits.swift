/// What a new version is compared with.
package struct HealthLimits: Sendable, Equatable {
  /// How many more of its invocations may fail than of the old version's, 0 to 1.
  package var maximumErrorShare: Double
  /// How many times longer its invocations may take.
  package let maximumDurationRatio = 1.5
  /// Its p99 duration in milliseconds; nil leaves it to the ratio.
  package var maximumDurationMilliseconds: Double?

  /// By default 1 % more errors.
  package init(maximumErrorShare: Double = 0.01, maximumDurationMilliseconds: Double? = nil) {
    self.maximumErrorShare = maximumErrorShare
    self.maximumDurationMilliseconds = maximumDurationMilliseconds
  }

  /// Durations at which the two versions are compared, in milliseconds: 10 ms to 82 s. An
  /// invocation of the new version is slow beyond `maximumDurationRatio` times each.
  static let durations: [Double] = (0...13).map { 10 * Double(1 << $0) }
}

/// The error probabilities of a verdict.
enum HealthLevel {
  /// A version that is as good as the old one fails with at most this probability, for each kind of
  /// defect and over all looks.
  static let falseFailure = 0.01
  /// A version beyond the limit passes with at most this probability.
  static let falsePass = 0.05
}
