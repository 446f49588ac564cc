import JSON

/// The numbers of a model's reply, one per class, not yet interpreted.
struct EndpointReply {
  /// At least one.
  var numbers: NumberList
  var labels = ReplyLabels.none
  /// The meaning of the numbers according to their name; nil if the name does not say.
  var meaning: ValueMeaning?
}

/// The names of the classes that came with a reply.
enum ReplyLabels {
  case none
  /// One for each value, by position: an array of strings and numbers.
  case elements(JSONNode)
  /// One for each value, by position.
  case texts([String])
  /// One beside each value, usually only those of the best classes.
  case listed([ListedLabel])
}

/// A label that came beside its value.
struct ListedLabel: Equatable {
  let text: String
  /// The class's index, if the reply contains it.
  let index: Int?

  init(text: String, index: Int?) {
    self.text = text
    self.index = index
  }

  /// Whole numbers and Hugging Face's `LABEL_7` are indices as well.
  init(_ text: String) {
    let digits = text.utf8.starts(with: "LABEL_".utf8) ? text.utf8.dropFirst(6) : text.utf8[...]
    let isIndex =
      (1...9).contains(digits.count) && digits.allSatisfy { $0 &- UInt8(ascii: "0") < 10 }
    self.init(text: text, index: isIndex ? Int(Substring(digits)) : nil)
  }
}

/// The meaning of numbers according to their name in the reply.
enum ValueMeaning {
  case probabilities
  case logits
  case percent

  /// - Parameter name: of a member, a tensor, or a column. Nil for an ambiguous name, for example `probability` (raw
  ///   scores in some replies of MXNet and DJL) and `raw_scores` (probabilities in some of XGBoost's).
  init?(name: String) {
    let lowercase = name.lowercased()
    func contains(_ part: String) -> Bool {
      lowercase.utf8.indices.contains { lowercase.utf8[$0...].starts(with: part.utf8) }
    }
    if contains("logit") || contains("margin") {
      self = .logits
    } else if contains("probabilities") || contains("_proba") || contains("probs")
      || contains("softmax")
    {
      self = .probabilities
    } else if contains("percent") || name == "Confidence" {
      self = .percent
    } else {
      return nil
    }
  }
}
