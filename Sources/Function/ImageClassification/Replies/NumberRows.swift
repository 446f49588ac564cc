import JSON

/// Lists of numbers by index: `[0.1, 0.9]`, `[[0.1, 0.9]]`, numbers as strings, or one number.
///
/// Default handlers of PyTorch and MXNet, Neo, built-in image classification, Keras, and ONNX Runtime.
enum NumberRows {
  static func read(_ node: JSONNode, _ reader: ReplyReader) throws(ReplyError) -> EndpointReply? {
    try numbers(node).map { EndpointReply(numbers: $0) }
  }

  /// The numbers of one row, whatever first dimensions of 1 are around it; nil for anything else.
  static func numbers(_ node: JSONNode) throws(ReplyError) -> NumberList? {
    switch node.value {
    case .numbers(let list): return list
    case .number(let value, let decimals): return NumberList([value], decimals: decimals)
    case .array(let elements):
      guard let first = elements.first else { throw .noNumbers }
      if elements.count == 1, isArray(first) {
        return try numbers(JSONNode(document: node.document, value: first))
      }
      if elements.allSatisfy(isRow) { throw .severalRows(elements.count) }
      return try mixed(elements, node.document)
    default: return nil
    }
  }

  private static func isArray(_ value: NumericJSON.Value) -> Bool {
    switch value {
    case .numbers, .array: true
    default: false
    }
  }

  private static func isRow(_ value: NumericJSON.Value) -> Bool {
    switch value {
    case .numbers: true
    case .array(let inner): inner.allSatisfy(isRow)
    default: false
    }
  }

  /// Strings that are numbers; nil when the first element is neither a number nor such a string.
  private static func mixed(
    _ elements: [NumericJSON.Value], _ document: NumericJSON
  ) throws(ReplyError) -> NumberList? {
    var list = NumberList([], decimals: 0)
    for (index, element) in elements.enumerated() {
      switch element {
      case .number(let value, let decimals):
        list.values.append(value)
        list.decimals = max(list.decimals, decimals)
      case .string(let range) where list.append(decimal: document.bytes[range]): break
      default:
        if index == 0 { return nil }
        throw .notANumber(index, JSONNode(document: document, value: element).kind)
      }
    }
    return list
  }
}
