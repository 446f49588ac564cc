import JSON

/// The numbers of a reply, with the properties that decide their meaning.
struct ReplyNumbers {
  let values: [Double]
  /// Whether each has its own label, so that classes may be missing.
  let isListed: Bool
  let sum: Double
  let minimum: Double
  let maximum: Double
  private let list: NumberList

  init(_ reply: EndpointReply) {
    list = reply.numbers
    values = list.values
    if case .listed = reply.labels { isListed = true } else { isListed = false }
    var (sum, minimum, maximum) = (0.0, Double.infinity, -Double.infinity)
    for value in values {
      sum += value
      minimum = min(minimum, value)
      maximum = max(maximum, value)
    }
    (self.sum, self.minimum, self.maximum) = (sum, minimum, maximum)
  }

  var count: Int { values.count }
  /// See `NumberList.sumTolerance(isKnown:)`.
  func tolerance(isKnown: Bool) -> Double { list.sumTolerance(isKnown: isKnown) }
  var areWhole: Bool { values.allSatisfy { $0.rounded(.towardZero) == $0 } }

  /// - Parameter allowsMasked: whether −Infinity is allowed, as the logit of a masked class.
  func checkFinite(allowsMasked: Bool) throws(ReplyError) {
    for (index, value) in values.enumerated() where !value.isFinite {
      if value.isNaN {
        throw ReplyError(
          "NotFinite",
          "value \(index) of the endpoint's reply is NaN: the model diverged during training, or its preprocessing does not normalize images as the model requires"
        )
      }
      if value > 0 {
        throw ReplyError(
          "NotFinite", "value \(index) of the endpoint's reply is Infinity: the model overflowed")
      }
      guard allowsMasked else {
        throw ReplyError(
          "NotFinite",
          "value \(index) of the endpoint's reply is -Infinity. If the values are logits and the class is masked, set MODEL_OUTPUT=logits"
        )
      }
    }
  }

  private var summary: String {
    let first = values.prefix(3).map { "\($0)" }.joined(separator: ", ")
    return
      "\(count) values (sum \(Self.rounded(sum)), from \(minimum) to \(maximum); first: \(first))"
  }

  /// Without what binary fractions add: 0.3 for 0.30000000000000004.
  private static func rounded(_ value: Double) -> Double {
    (1e-4..<1e9).contains(value.magnitude) ? (value * 1e6).rounded() / 1e6 : value
  }

  func refusal(_ reason: String, _ problem: String) -> ReplyError {
    ReplyError(reason, "the endpoint's \(summary) \(problem)")
  }

  /// Softmax of a single value is always 1.
  var oneValue: ReplyError {
    ReplyError(
      "OneValue",
      "the endpoint's reply is a single value, \(values[0]), with several possible meanings. Set MODEL_OUTPUT=sigmoid if it is the probability of class 1, "
        + "sigmoid-logits if it is the logit of that probability, or class-index if it is the index of the class"
    )
  }

  /// Imitations of Rekognition's reply contain fractions as often as percentages.
  var percentOrFractions: ReplyError {
    refusal(
      "Percent",
      "have the name of percentages, but none is above 1. If they are percentages, set MODEL_OUTPUT=percent; "
        + "if they are in 0…1, set MODEL_OUTPUT=probabilities, or sigmoid for classes that do not exclude each other"
    )
  }

  /// - Parameter areKnown: whether the setting or their name calls the numbers probabilities.
  func notProbabilities(_ tolerance: Double, areKnown: Bool) -> ReplyError {
    guard minimum >= 0, maximum <= 1 else {
      return refusal(
        "NotProbabilities",
        "are not all in 0…1. If they are logits, set MODEL_OUTPUT=logits; if they are percentages, MODEL_OUTPUT=percent"
      )
    }
    var readings = [
      "independent probabilities (MODEL_OUTPUT=sigmoid)", "small logits (MODEL_OUTPUT=logits)",
    ]
    if sum < 1 {
      readings.insert("a list that was cut off (return all classes, or labels with them)", at: 0)
    }
    if !areKnown {
      readings.insert("heavily rounded probabilities (MODEL_OUTPUT=probabilities)", at: 0)
    }
    return refusal(
      "NotProbabilities",
      "are in 0…1, but their sum is not 1 (± \(Self.rounded(tolerance))). They can be \(readings.joined(separator: ", or "))"
    )
  }

  var fewClasses: String {
    "MODEL_OUTPUT=auto read \(summary) as probabilities. With fewer than 10 classes, logits and independent probabilities can look the same. To be certain, set MODEL_OUTPUT=probabilities, logits, or sigmoid"
  }

  var positiveLogits: String {
    "MODEL_OUTPUT=auto read \(summary) as logits, although none is negative. If that is correct, set MODEL_OUTPUT=logits"
  }
}
