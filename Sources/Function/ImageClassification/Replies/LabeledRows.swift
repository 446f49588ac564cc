import JSON

/// A list of objects, each with a label and its number: `[{"label": "tabby", "score": 0.91}, …]`.
struct LabeledRows {
  /// The key of the label.
  let label: String
  /// The key of the number.
  let value: String
  /// The key of the class's index beside its label.
  var index: String?
  var meaning: ValueMeaning?

  func read(_ node: JSONNode, _ reader: ReplyReader) throws(ReplyError) -> EndpointReply? {
    let rows = node.elements ?? [node]
    guard let first = rows.first, first[label] != nil, first[value] != nil else { return nil }
    if let box = Self.boxes.first(where: { first[$0] != nil }) {
      throw ReplyError(
        "Detections",
        "the endpoint's reply is a list of objects found in the image, each with its \(box), not of the image's classes: the endpoint hosts an object detector"
      )
    }
    var reply = EndpointReply(numbers: NumberList([], decimals: 0), meaning: meaning)
    var labels: [ListedLabel] = []
    for (position, row) in rows.enumerated() {
      guard let number = row[value].flatMap(Self.number), let label = row[label].flatMap(label)
      else {
        if position == 0 { return nil }
        throw ReplyError(
          "NoNumbers",
          "entry \(position) of the endpoint's reply lacks a \(label) or a number \(value)")
      }
      reply.numbers.values += number.values
      reply.numbers.decimals = max(reply.numbers.decimals, number.decimals)
      let index = index.flatMap { row[$0]?.number }
      labels.append(
        index.map { ListedLabel(text: label, index: Int(exactly: $0)) } ?? ListedLabel(label))
    }
    reply.labels = .listed(labels)
    return reply
  }

  /// Where an object is in the image; its score is not that of the image.
  private static let boxes = [
    "box", "bbox", "boundingBox", "bounding_box", "BoundingBox", "Geometry", "mask", "width",
  ]

  private static func number(_ node: JSONNode) -> NumberList? {
    if case .number(let value, let decimals) = node.value {
      return NumberList([value], decimals: decimals)
    }
    guard case .string(let range) = node.value else { return nil }
    var list = NumberList([], decimals: 0)
    return list.append(decimal: node.document.bytes[range]) ? list : nil
  }

  private func label(_ node: JSONNode) -> String? { node.label }
}

extension JSONNode {
  /// A string, or a number as a label: `7` for 7.0.
  var label: String? {
    switch value {
    case .string(let range): document.text(range)
    case .number(let number, _): Int(exactly: number).map { String($0) } ?? String(number)
    case .bool(let flag): flag ? "true" : "false"
    default: nil
    }
  }
}
