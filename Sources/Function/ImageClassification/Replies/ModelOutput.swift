import Glibc
import JSON
import Platform

/// The meaning of the numbers in a model's reply (`MODEL_OUTPUT`).
enum ModelOutput: String, CaseIterable {
  /// By their name in the reply, otherwise by their values; refused if several meanings are possible.
  case auto
  /// Any finite numbers, or −Infinity for a masked class; converted by softmax.
  case logits
  /// Numbers in 0…1 with a sum of 1, within their precision.
  case probabilities
  /// Numbers in 0…100; no sum is required.
  case percent
  /// Independent probabilities; no sum is required. A single number is the probability of class 1, and class 0 has the
  /// rest.
  case sigmoid
  /// Logits of independent probabilities.
  case sigmoidLogits = "sigmoid-logits"
  /// One whole number, the index of a class.
  case classIndex = "class-index"

  init(environment: Environment) throws(ConfigurationError) {
    let name = environment["MODEL_OUTPUT"] ?? "auto"
    guard let known = ModelOutput(rawValue: name) else {
      throw ConfigurationError(
        variable: "MODEL_OUTPUT",
        problem: "is \(name); allowed are \(Self.allCases.map(\.rawValue).joined(separator: ", "))")
    }
    self = known
  }

  /// Converts the numbers of a reply to probabilities.
  ///
  /// Numbers that are probabilities already are returned unchanged, not scaled to a sum of 1.
  ///
  /// - Throws: `ReplyError` if the numbers contradict the setting or their name, or have several possible meanings.
  func interpret(_ reply: EndpointReply) throws(ReplyError) -> Interpretation {
    let numbers = ReplyNumbers(reply)
    try numbers.checkFinite(allowsMasked: self == .logits)
    switch self {
    case .auto: return try automatic(numbers, reply.meaning)
    case .logits: return try softmax(numbers)
    case .probabilities: return try probabilities(numbers, areKnown: true)
    case .percent: return try percent(numbers)
    case .sigmoid: return try sigmoid(numbers)
    case .sigmoidLogits: return sigmoidLogits(numbers)
    case .classIndex: return try classIndex(numbers)
    }
  }

  private func automatic(
    _ numbers: ReplyNumbers, _ meaning: ValueMeaning?
  ) throws(ReplyError) -> Interpretation {
    switch meaning {
    case .percent?:
      guard numbers.maximum > 1 else { throw numbers.percentOrFractions }
      return try percent(numbers)
    case .probabilities? where numbers.isListed || numbers.count > 1:
      return try probabilities(numbers, areKnown: true)
    case .logits? where numbers.count > 1: return try softmax(numbers)
    default: break
    }
    if numbers.isListed { return try probabilities(numbers, areKnown: false) }
    guard numbers.count > 1 else { throw numbers.oneValue }
    if numbers.minimum < 0 { return try softmax(numbers) }
    if numbers.maximum <= 1 + numbers.tolerance(isKnown: false) {
      var interpretation = try probabilities(numbers, areKnown: false)
      if numbers.count < Self.fewClasses { interpretation.doubt = numbers.fewClasses }
      return interpretation
    }
    if abs(numbers.sum - 100) <= 0.5 {
      throw numbers.refusal(
        "Percent",
        "look like percentages. If they are, set MODEL_OUTPUT=percent; if they are logits, set MODEL_OUTPUT=logits"
      )
    }
    if numbers.areWhole {
      throw numbers.refusal(
        "WholeNumbers",
        "are whole numbers, possibly counts or indices. If they are logits, set MODEL_OUTPUT=logits"
      )
    }
    var interpretation = try softmax(numbers)
    interpretation.doubt = numbers.positiveLogits
    return interpretation
  }

  /// Logits of fewer classes are occasionally all in 0…1 with a sum near 1. Of a million rows, none of ten and more
  /// classes was (.ci/checks/reply-rows.sh).
  private static let fewClasses = 10

  /// - Parameter areKnown: whether the setting or the name identifies the numbers as probabilities.
  private func probabilities(
    _ numbers: ReplyNumbers, areKnown: Bool
  ) throws(ReplyError) -> Interpretation {
    let tolerance = numbers.tolerance(isKnown: areKnown)
    guard numbers.minimum >= 0, numbers.maximum <= 1 + tolerance, numbers.sum <= 1 + tolerance,
      numbers.isListed || numbers.sum >= 1 - tolerance
    else { throw numbers.notProbabilities(tolerance, areKnown: areKnown) }
    if numbers.count == 1, !numbers.isListed { throw numbers.oneValue }
    return Interpretation(
      probabilities: numbers.values.map { min($0, 1) }, isComplete: numbers.sum >= 1 - tolerance)
  }

  private func percent(_ numbers: ReplyNumbers) throws(ReplyError) -> Interpretation {
    guard numbers.minimum >= 0, numbers.maximum <= 100 + numbers.tolerance(isKnown: true) else {
      throw numbers.refusal("NotPercent", "are not all in 0…100, as MODEL_OUTPUT=percent requires")
    }
    if numbers.count == 1, !numbers.isListed { throw numbers.oneValue }
    if !numbers.isListed, abs(numbers.sum - 1) <= numbers.tolerance(isKnown: false) {
      throw numbers.refusal(
        "NotPercent",
        "have a sum of 1, not of 100. If they are in 0…1, set MODEL_OUTPUT=probabilities")
    }
    return Interpretation(
      probabilities: numbers.values.map { min($0 / 100, 1) },
      isComplete: !numbers.isListed || numbers.sum >= 99.5)
  }

  private func sigmoid(_ numbers: ReplyNumbers) throws(ReplyError) -> Interpretation {
    guard numbers.minimum >= 0, numbers.maximum <= 1 else {
      throw numbers.refusal(
        "NotProbabilities",
        "are not all in 0…1. If they are logits, set MODEL_OUTPUT=sigmoid-logits"
      )
    }
    return independent(numbers.values, numbers)
  }

  private func sigmoidLogits(_ numbers: ReplyNumbers) -> Interpretation {
    // An overflow of exp is harmless: 1 / (1 + ∞) is 0.
    independent(numbers.values.map { 1 / (1 + exp(-$0)) }, numbers)
  }

  private func independent(_ values: [Double], _ numbers: ReplyNumbers) -> Interpretation {
    guard values.count == 1, !numbers.isListed else { return Interpretation(probabilities: values) }
    return Interpretation(probabilities: [1 - values[0], values[0]])
  }

  private func classIndex(_ numbers: ReplyNumbers) throws(ReplyError) -> Interpretation {
    guard numbers.count == 1, !numbers.isListed, let index = Int(exactly: numbers.values[0]),
      index >= 0
    else {
      throw numbers.refusal(
        "NotAnIndex", "are not the index of a class: a single whole number, 0 or more")
    }
    return Interpretation(probabilities: [], classIndex: index)
  }

  /// Cannot overflow, because the largest exponent is 0.
  private func softmax(_ numbers: ReplyNumbers) throws(ReplyError) -> Interpretation {
    guard numbers.count > 1 else { throw numbers.oneValue }
    let largest = numbers.maximum
    guard largest.isFinite else {
      throw ReplyError("NotFinite", "every value of the endpoint's reply is -Infinity")
    }
    let exponentials = numbers.values.map { exp($0 - largest) }
    let sum = exponentials.reduce(0, +)
    return Interpretation(
      probabilities: exponentials.map { $0 / sum }, requiresAllClasses: numbers.isListed)
  }
}

/// Probabilities in the order of a reply's values.
struct Interpretation {
  /// In 0…1; empty if only the class is known.
  var probabilities: [Double]
  /// False for a list of only the best classes.
  var isComplete = true
  /// The class, if the reply is only its index.
  var classIndex: Int?
  /// Whether the probabilities are correct only if the reply contains all classes.
  var requiresAllClasses = false
  /// A warning about numbers with two possible meanings, with the setting to use.
  var doubt: String?
}
