import JSON

/// TorchServe's image_classifier: `{"tabby": 0.46, "cat": 0.29}`, the best five; keys are indices where
/// the archive has no index_to_name.json.
///
/// A member whose name describes a prediction instead of naming a class makes it another object.
enum TorchServeReply {
  static func read(_ node: JSONNode, _ reader: ReplyReader) throws(ReplyError) -> EndpointReply? {
    guard let members = node.members, !members.isEmpty else { return nil }
    if members.contains(where: { NamedVectorReply.isDescription($0.key) }) { return nil }
    var numbers = NumberList([], decimals: 0)
    for member in members {
      guard case .number(let value, let decimals) = member.node.value else { return nil }
      numbers.values.append(value)
      numbers.decimals = max(numbers.decimals, decimals)
    }
    return EndpointReply(
      numbers: numbers, labels: .listed(members.map { ListedLabel($0.key) }))
  }
}
