import JSON

/// TensorFlow Serving's classify method: `{"result": [[["tabby", 0.9], ["cat", 0.1]]]}`; labels may be empty.
enum TensorFlowClassifyReply {
  static func read(_ node: JSONNode, _ reader: ReplyReader) throws(ReplyError) -> EndpointReply? {
    guard case .array(let elements) = node.value, isPair(elements.first) else { return nil }
    var numbers = NumberList([], decimals: 0)
    var labels: [ListedLabel] = []
    for (index, element) in elements.enumerated() {
      guard isPair(element), case .array(let pair) = element,
        case .string(let label) = pair[0], case .number(let value, let decimals) = pair[1]
      else { throw .notANumber(index, "no pair of a label and a number") }
      labels.append(ListedLabel(node.document.text(label)))
      numbers.values.append(value)
      numbers.decimals = max(numbers.decimals, decimals)
    }
    let isUnlabeled = labels.allSatisfy(\.text.isEmpty)
    return EndpointReply(numbers: numbers, labels: isUnlabeled ? .none : .listed(labels))
  }

  private static func isPair(_ value: NumericJSON.Value?) -> Bool {
    guard case .array(let pair)? = value, pair.count == 2, case .string = pair[0],
      case .number = pair[1]
    else { return false }
    return true
  }
}
