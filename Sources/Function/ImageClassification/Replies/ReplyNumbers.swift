import JSON

/// The numbers of a reply with what is asked of them to decide what they mean.
struct ReplyNumbers {
  let values: [Double]
  /// Whether they came with labels beside them, so that some may be missing.
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

  /// - Parameter allowsMasked: whether −Infinity stands for a class that is masked out.
  func checkFinite(allowsMasked: Bool) throws(ReplyError) {
    for (index, value) in values.enumerated() where !value.isFinite {
      if value.isNaN {
        throw ReplyError(
          "NotFinite",
          "value \(index) of the endpoint's reply is NaN: the model diverged in training, or the image was not normalized as the model requires"
        )
      }
      if value > 0 {
        throw ReplyError(
          "NotFinite", "value \(index) of the endpoint's reply is Infinity: the model overflowed")
      }
      guard allowsMasked else {
        throw ReplyError(
          "NotFinite",
          "value \(index) of the endpoint's reply is -Infinity. MODEL_OUTPUT=logits reads it as the logit of a masked class"
        )
      }
    }
  }

  private var summary: String {
    let first = values.prefix(3).map { "\($0)" }.joined(separator: ", ")
    return "\(count) values (sum \(sum), from \(minimum) to \(maximum); first: \(first))"
  }

  func refusal(_ reason: String, _ problem: String) -> ReplyError {
    ReplyError(reason, "the endpoint's \(summary) \(problem)")
  }

  /// Softmax of one value is 1 whatever it is.
  var oneValue: ReplyError {
    ReplyError(
      "OneValue",
      "the endpoint's reply is one value, \(values[0]), which does not say what it means. "
        + "MODEL_OUTPUT=sigmoid reads it as the probability of class 1, sigmoid-logits as the logit of that, class-index as the index of the class"
    )
  }

  /// - Parameter areKnown: whether the setting or their name calls the numbers probabilities.
  func notProbabilities(_ tolerance: Double, areKnown: Bool) -> ReplyError {
    guard minimum >= 0, maximum <= 1 + tolerance else {
      return refusal(
        "NotProbabilities",
        "are not probabilities, which are in 0…1. MODEL_OUTPUT=logits applies softmax, MODEL_OUTPUT=percent divides by 100"
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
      "are in 0…1, but their sum is not 1 (± \(tolerance)). They can be \(readings.joined(separator: ", or "))"
    )
  }

  var fewClasses: String {
    "MODEL_OUTPUT=auto read \(summary) as probabilities. With so few classes logits can look alike: set MODEL_OUTPUT=probabilities, logits, or sigmoid"
  }

  var positiveLogits: String {
    "MODEL_OUTPUT=auto read \(summary) as logits: none is negative, and some are above 1. Set MODEL_OUTPUT=logits if that is right"
  }
}
