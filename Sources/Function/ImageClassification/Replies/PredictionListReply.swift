import JSON

/// A list of predictions as Roboflow (`class`, `confidence`), Azure Custom Vision (`tagName`, `probability`), Keras's
/// REST example (`label`, `probability`), and many servers written by hand have it:
/// `[{"class": "cat", "confidence": 0.9}, …]`.
enum PredictionListReply {
  private static let labels = [
    "label", "class", "class_name", "className", "tagName", "name", "category",
  ]
  private static let values = ["score", "probability", "confidence", "prob"]

  static func read(_ node: JSONNode, _ reader: ReplyReader) throws(ReplyError) -> EndpointReply? {
    guard let rows = node.elements, let first = rows.first, first.members != nil else { return nil }
    for label in labels where first[label]?.text != nil {
      for value in values where first[value] != nil {
        return try LabeledRows(label: label, value: value).read(node, reader)
      }
    }
    return nil
  }
}
