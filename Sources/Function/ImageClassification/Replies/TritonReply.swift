import JSON

/// Triton's JSON: `{"outputs": [{"name": "p", "datatype": "FP32", "shape": [1, 2], "data": [0.1, 0.9]}]}`, and its
/// classification extension, strings `0.91:207:golden retriever`, the best first.
enum TritonReply {
  static func read(_ node: JSONNode, _ reader: ReplyReader) throws(ReplyError) -> EndpointReply? {
    guard let outputs = node["outputs"], isTensorList(outputs) else { return nil }
    var vectors: [NamedVectorReply.Vector] = []
    let tensors = outputs.elements ?? []
    for tensor in tensors {
      let name = tensor["name"]?.text ?? ""
      guard let data = tensor["data"] else { continue }
      if tensor["datatype"]?.text == "BYTES" {
        guard let reply = classification(data) else { continue }
        if tensors.count == 1 { return reply }
      } else if case .numbers(let numbers) = data.value {
        try checkShape(tensor, name: name, count: numbers.values.count)
        vectors.append(NamedVectorReply.Vector(name: name, numbers: numbers))
      } else if let numbers = try NumberRows.numbers(data) {
        vectors.append(NamedVectorReply.Vector(name: name, numbers: numbers))
      }
    }
    guard let chosen = try NamedVectorReply.choose(vectors) else {
      throw ReplyError(
        "NoNumbers",
        "no tensor of the endpoint's reply holds numbers of at most \(reader.rules.maximumClasses) classes: \(ReplyError.excerpt(outline(tensors)))"
      )
    }
    return EndpointReply(numbers: chosen.numbers, meaning: ValueMeaning(name: chosen.name))
  }

  static func isTensorList(_ node: JSONNode) -> Bool {
    guard case .array(let elements) = node.value, let first = elements.first else { return false }
    return JSONNode(document: node.document, value: first)["datatype"] != nil
  }

  /// `data` is flat, so only the shape distinguishes rows from classes.
  private static func checkShape(
    _ tensor: JSONNode, name: String, count: Int
  ) throws(ReplyError) {
    guard case .numbers(let shape)? = tensor["shape"]?.value else { return }
    guard shape.values.reduce(1, *) == Double(count) else {
      let sides = (tensor["shape"]?.elements ?? []).map { $0.label ?? "?" }
      throw ReplyError(
        "NotTriton",
        "the tensor \(ReplyError.excerpt(name, limit: 40)) of the endpoint's reply has \(count) numbers, which do not fill its shape \(ReplyError.excerpt("[\(sides.joined(separator: ", "))]"))"
      )
    }
    let sides = shape.values.filter { $0 > 1 }
    if sides.count > 1 { throw .severalRows(Int(exactly: sides[0]) ?? 0) }
  }

  /// value:index, or value:index:label; a label may hold colons.
  private static func classification(_ data: JSONNode) -> EndpointReply? {
    var numbers = NumberList([], decimals: 0)
    var labels: [ListedLabel] = []
    for element in data.elements ?? [] {
      guard let text = element.text else { return nil }
      let parts = text.utf8.split(
        separator: UInt8(ascii: ":"), maxSplits: 2, omittingEmptySubsequences: false)
      guard parts.count >= 2, numbers.append(decimal: Array(parts[0])[...]),
        let index = Int(Substring(parts[1]))
      else { return nil }
      labels.append(
        ListedLabel(text: String(Substring(parts.count == 3 ? parts[2] : parts[1])), index: index))
    }
    return labels.isEmpty ? nil : EndpointReply(numbers: numbers, labels: .listed(labels))
  }

  private static func outline(_ tensors: [JSONNode]) -> String {
    tensors.prefix(8).map { tensor in
      let shape = (tensor["shape"]?.elements ?? []).map { $0.label ?? "?" }
      return "\((tensor["name"]?.text ?? "").prefix(40)) [\(shape.joined(separator: ", "))]"
    }.joined(separator: ", ")
  }
}
