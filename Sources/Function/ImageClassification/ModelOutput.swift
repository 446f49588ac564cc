import Glibc
import Platform

/// What the numbers of a model's reply mean (`MODEL_OUTPUT`).
enum ModelOutput: String, CaseIterable {
  /// Probabilities if they look like some, else logits.
  case auto
  /// Any finite numbers; softmax makes probabilities of them.
  case logits
  /// Numbers in 0…1 whose sum is 1, as far as rounding allows.
  case probabilities

  /// How far the sum may be from 1 before the numbers are not probabilities.
  private static let tolerance = 0.001

  init(environment: Environment) throws(ConfigurationError) {
    let name = environment["MODEL_OUTPUT"] ?? "auto"
    guard let known = ModelOutput(rawValue: name) else {
      throw ConfigurationError(
        variable: "MODEL_OUTPUT",
        problem: "is \(name); it takes auto, logits or probabilities")
    }
    self = known
  }

  /// Probabilities in the order of the model's classes: finite, in 0…1, with a sum of 1.
  ///
  /// - Parameter values: finite and not empty.
  /// - Throws: `ReplyError` when the values are none of what was announced.
  func probabilities(from values: [Double]) throws(ReplyError) -> [Double] {
    let sum = values.reduce(0, +)
    let looksLikeProbabilities =
      values.allSatisfy { (0...1).contains($0) } && abs(sum - 1) <= Self.tolerance
    switch self {
    case .auto where looksLikeProbabilities, .probabilities where looksLikeProbabilities:
      return values.map { $0 / sum }
    case .probabilities:
      throw ReplyError(
        reason: "NotProbabilities",
        message: "the endpoint's values are no probabilities: their sum is \(sum), from "
          + "\(values.min() ?? 0) to \(values.max() ?? 0). MODEL_OUTPUT=logits applies softmax")
    case .auto, .logits:
      return Self.softmax(values)
    }
  }

  /// Softmax that cannot overflow: the largest exponent is 0.
  static func softmax(_ logits: [Double]) -> [Double] {
    let largest = logits.max() ?? 0
    let exponentials = logits.map { exp($0 - largest) }
    let sum = exponentials.reduce(0, +)
    return exponentials.map { $0 / sum }
  }
}
