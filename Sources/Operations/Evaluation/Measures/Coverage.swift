/// What is gained by leaving out those that the model is not sure of: a person looks at these.
package struct Coverage: Sendable, Equatable {
  package struct Point: Sendable, Equatable {
    /// Only those with at least this probability are accepted.
    package let threshold: Double
    package let accepted: Proportion
    package let right: Proportion
  }

  /// At thresholds from 0 to 0.99.
  package let points: [Point]

  private static let thresholds = [0, 0.2, 0.3, 0.4, 0.5, 0.6, 0.7, 0.8, 0.9, 0.95, 0.99]

  /// - Parameter observations: those without a label or a probability are left out.
  package init(_ observations: [Observation]) {
    let known = observations.compactMap { observation in
      observation.confidence.flatMap { confidence in
        observation.isRight.map { (confidence: confidence, isRight: $0) }
      }
    }
    points =
      known.isEmpty
      ? []
      : Self.thresholds.map { threshold in
        let accepted = known.filter { $0.confidence >= threshold }
        return Point(
          threshold: threshold, accepted: Proportion(accepted.count, of: known.count),
          right: Proportion(accepted.filter(\.isRight).count, of: accepted.count))
      }
  }
}
