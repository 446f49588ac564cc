import JSON

/// An object with numbers by index under a name: TensorFlow Serving's rows, columns, and dictionaries, built-in
/// image classification, JumpStart, XGBoost, Linear Learner, and Autopilot.
///
/// Of several lists, `probabilities` take precedence over `logits`, and these over lists whose names do not say what
/// they contain. Two such lists are refused.
enum NamedVectorReply {
  /// The names of numbers in replies of one row.
  static let valueKeys = [
    "predictions", "prediction", "outputs", "output", "result", "results", "data", "probabilities",
    "logits", "score", "scores", "probability", "raw_score", "raw_scores",
  ]
  /// One number for all classes.
  private static let scalarKeys = ["score", "prediction", "predictions", "probability", "output"]
  /// The class that the model chose.
  private static let winnerKeys = [
    "predicted_label", "class_ids", "class_id", "classes", "class", "prediction", "label",
  ]
  /// Members that are not the classes' values.
  private static let otherKeys = [
    "labels", "label", "label_names", "class_names", "classes", "class", "class_ids", "class_id",
    "all_classes", "all_class_ids", "predicted_label", "predicted_labels", "indices", "index",
    "ids", "shape", "embedding", "embeddings", "image_embedding", "features", "hidden_states",
    "last_hidden_state", "boxes", "bbox", "masks",
  ]
  /// Names of properties of a prediction, which are not names of classes.
  private static let descriptions =
    valueKeys + otherKeys + [
      "confidence", "threshold", "time", "duration", "latency", "milliseconds", "seconds", "status",
      "code", "version", "id", "name", "count", "temperature", "width", "height", "loss",
    ]

  static func isDescription(_ name: String) -> Bool {
    let lowercase = name.lowercased()
    return descriptions.contains(lowercase) || lowercase.hasSuffix("_time")
      || lowercase.hasSuffix("_ms") || lowercase.hasSuffix("_id")
  }

  struct Vector {
    let name: String
    let numbers: NumberList
  }

  static func read(_ node: JSONNode, _ reader: ReplyReader) throws(ReplyError) -> EndpointReply? {
    guard case .object(let members) = node.value else { return nil }
    if reader.rules.wantsClassIndex, let winner = try scalar(node, winnerKeys) {
      return EndpointReply(numbers: winner)
    }
    var vectors: [Vector] = []
    for member in members {
      let name = node.document.text(member.key)
      guard !otherKeys.contains(name),
        let numbers = try vector(JSONNode(document: node.document, value: member.value))
      else { continue }
      vectors.append(Vector(name: name, numbers: numbers))
    }
    if let chosen = try choose(vectors) {
      return EndpointReply(
        numbers: chosen.numbers, labels: try labels(in: node, count: chosen.numbers.values.count),
        meaning: ValueMeaning(name: chosen.name))
    }
    if let only = try scalar(node, scalarKeys) { return EndpointReply(numbers: only) }
    if node["predicted_label"] != nil {
      throw ReplyError(
        "NoNumbers",
        "the endpoint's reply has a predicted_label, but no numbers. To receive them, set SAGEMAKER_INFERENCE_OUTPUT=probabilities,labels in the container. "
          + "If predicted_label is the index of a class, set MODEL_OUTPUT=class-index")
    }
    return nil
  }

  /// The numbers of a list, or of a list in a string; nil for anything else, including a single number.
  static func vector(_ node: JSONNode) throws(ReplyError) -> NumberList? {
    switch node.value {
    case .numbers, .array: return try NumberRows.numbers(node)
    case .string(let range) where node.document.bytes[range].first == UInt8(ascii: "["):
      return try ListText.node(node.document.text(range)).flatMap(NumberRows.numbers)
    default: return nil
    }
  }

  /// The list to read; nil when there is none.
  static func choose(_ vectors: [Vector]) throws(ReplyError) -> Vector? {
    func are(_ meaning: ValueMeaning) -> [Vector] {
      vectors.filter { ValueMeaning(name: $0.name) == meaning }
    }
    // XGBoost's raw_scores are meaningless for some objectives.
    let others = vectors.filter { $0.name != "raw_scores" }
    for candidates in [
      are(.probabilities), are(.logits), others, others.filter { $0.numbers.values.count > 1 },
      vectors,
    ] where candidates.count == 1 {
      return candidates[0]
    }
    if vectors.isEmpty { return nil }
    let list = vectors.prefix(8).map { "\($0.name.prefix(40)) (\($0.numbers.values.count))" }
    throw ReplyError(
      "Ambiguous",
      "the endpoint's reply has several lists of numbers, \(ReplyError.excerpt(list.joined(separator: ", "))), and their names do not show which are the classes' values. "
        + "To select one, set REPLY_VALUES to a JSON pointer, for example REPLY_VALUES=/predictions/0/\(ReplyError.excerpt(vectors[0].name, limit: 40))"
    )
  }

  private static func scalar(
    _ node: JSONNode, _ keys: [String]
  ) throws(ReplyError) -> NumberList? {
    for key in keys {
      guard let member = node[key] else { continue }
      var list = NumberList([], decimals: 0)
      switch member.onlyElement?.value ?? member.value {
      case .number(let value, let decimals): list = NumberList([value], decimals: decimals)
      case .string(let range) where list.append(decimal: node.document.bytes[range]): break
      default: continue
      }
      if !list.values[0].isNaN { return list }
    }
    return nil
  }

  /// The labels beside a list of values.
  ///
  /// - Throws: when there are `labels`, but not one for each value. Members of other names may hold something else.
  static func labels(in node: JSONNode, count: Int) throws(ReplyError) -> ReplyLabels {
    for key in ["labels", "class_names", "label_names", "all_classes", "classes"] {
      guard let member = node[key] else { continue }
      guard let labels = elements(member) else { continue }
      let found = labels.elementCount ?? 0
      if found == count, count > 1 || key == "labels" { return .elements(labels) }
      if key == "labels" { throw .labelCount(values: count, labels: found) }
    }
    return .none
  }

  /// An array of strings and numbers; nil for anything else.
  static func elements(_ node: JSONNode) -> JSONNode? {
    switch node.value {
    case .numbers: return node
    case .array(let values):
      if let only = node.onlyElement, only.elements != nil { return elements(only) }
      let areLabels = values.allSatisfy {
        switch $0 {
        case .string, .number, .bool: true
        default: false
        }
      }
      return areLabels ? node : nil
    case .string(let range) where node.document.bytes[range].first == UInt8(ascii: "["):
      return ListText.node(node.document.text(range)).flatMap(elements)
    default: return nil
    }
  }
}

/// A list in a string, in JSON or as Python prints it: `[0.9, 0.1]`, `['cat', 'dog']`.
enum ListText {
  static func node(_ text: String) -> JSONNode? {
    let bytes = Array(text.utf8)
    if let json = try? NumericJSON(parsing: bytes, maximumValues: bytes.count) { return json.root }
    let quoted = bytes.map { $0 == UInt8(ascii: "'") ? UInt8(ascii: "\"") : $0 }
    return (try? NumericJSON(parsing: quoted, maximumValues: bytes.count))?.root
  }
}
