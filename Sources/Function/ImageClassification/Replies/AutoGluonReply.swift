import JSON

/// AutoGluon: columns of one row, `{"label": {"0": "cat"}, "cat_proba": {"0": 0.9}, "dog_proba": {"0": 0.1}}`.
/// The column without the suffix is the class it chose.
enum AutoGluonReply {
  private static let suffix = "_proba"

  static func read(_ node: JSONNode, _ reader: ReplyReader) throws(ReplyError) -> EndpointReply? {
    guard let members = node.members else { return nil }
    var numbers = NumberList([], decimals: 0)
    var labels: [String] = []
    for (key, column) in members {
      guard let rows = column.members, let label = label(ofColumn: key) else { continue }
      guard rows.count == 1 else { throw .severalRows(rows.count) }
      guard case .number(let value, let decimals) = rows[0].node.value else {
        throw .notANumber(labels.count, rows[0].node.kind)
      }
      labels.append(label)
      numbers.values.append(value)
      numbers.decimals = max(numbers.decimals, decimals)
    }
    guard !labels.isEmpty else { return nil }
    return EndpointReply(numbers: numbers, labels: .texts(labels), meaning: .probabilities)
  }

  /// The class of a column of probabilities; nil for another column.
  static func label(ofColumn name: String) -> String? {
    name.hasSuffix(suffix) ? String(name.dropLast(suffix.count)) : nil
  }
}
