import Glibc
import JSON
import Platform

/// What the numbers of a model's reply mean (`MODEL_OUTPUT`).
enum ModelOutput: String, CaseIterable {
  /// What the reply calls them, or else what they can only be; refused when they can be several things.
  case auto
  /// Any finite numbers, and −Infinity for a masked class; softmax makes probabilities of them.
  case logits
  /// Numbers in 0…1 whose sum is 1, as far as their precision allows.
  case probabilities
  /// Numbers in 0…100; no sum is required.
  case percent
  /// Probabilities of classes that do not exclude each other; no sum is required. One number is the probability of
  /// class 1, and class 0 has the rest.
  case sigmoid
  /// Logits of such probabilities.
  case sigmoidLogits = "sigmoid-logits"
  /// One whole number, the index of a class.
  case classIndex = "class-index"

  init(environment: Environment) throws(ConfigurationError) {
    let name = environment["MODEL_OUTPUT"] ?? "auto"
    guard let known = ModelOutput(rawValue: name) else {
      throw ConfigurationError(
        variable: "MODEL_OUTPUT",
        problem: "is \(name); it takes \(Self.allCases.map(\.rawValue).joined(separator: ", "))")
    }
    self = known
  }

  /// Probabilities of the numbers of a reply.
  ///
  /// The numbers stay as the model gave them wherever they are probabilities already; they are never scaled to a sum
  /// of 1.
  ///
  /// - Throws: `ReplyError` when the numbers are not what was announced, or could be several things.
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
    case .percent?: return try percent(numbers)
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
        "look like percentages. MODEL_OUTPUT=percent reads them so, MODEL_OUTPUT=logits as logits")
    }
    if numbers.areWhole {
      throw numbers.refusal(
        "WholeNumbers",
        "are whole numbers, counts or indices perhaps. MODEL_OUTPUT=logits applies softmax")
    }
    var interpretation = try softmax(numbers)
    interpretation.doubt = numbers.positiveLogits
    return interpretation
  }

  /// With fewer classes logits fall into 0…1 with a sum near 1 now and then; of ten and more none of a million did
  /// (.ci/checks/reply-rows.sh).
  private static let fewClasses = 10

  /// - Parameter areKnown: whether the setting or their name calls the numbers probabilities.
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
      throw numbers.refusal("NotPercent", "are not percentages, which are in 0…100")
    }
    if numbers.count == 1, !numbers.isListed { throw numbers.oneValue }
    return Interpretation(
      probabilities: numbers.values.map { min($0 / 100, 1) },
      isComplete: !numbers.isListed || numbers.sum >= 99.5)
  }

  private func sigmoid(_ numbers: ReplyNumbers) throws(ReplyError) -> Interpretation {
    guard numbers.minimum >= 0, numbers.maximum <= 1 else {
      throw numbers.refusal(
        "NotProbabilities",
        "are not probabilities, which are in 0…1. MODEL_OUTPUT=sigmoid-logits applies the sigmoid function"
      )
    }
    return independent(numbers.values, numbers)
  }

  private func sigmoidLogits(_ numbers: ReplyNumbers) -> Interpretation {
    // exp cannot overflow to NaN here: 1/(1 + ∞) is 0.
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
      throw numbers.refusal("NotAnIndex", "are not one index of a class, a whole number from 0")
    }
    return Interpretation(probabilities: [], classIndex: index)
  }

  /// Softmax that cannot overflow: the largest exponent is 0.
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
  /// In 0…1; empty when only the class is known.
  var probabilities: [Double]
  /// False for a list of the best classes whose probabilities leave a part of 1.
  var isComplete = true
  /// The class, when the reply is its index.
  var classIndex: Int?
  /// Whether the probabilities are right only for a list of all classes.
  var requiresAllClasses = false
  /// A warning about numbers that can be read in two ways, with the setting that decides.
  var doubt: String?
}
