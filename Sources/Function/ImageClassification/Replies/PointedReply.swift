import JSON

/// The values and labels at the places that `REPLY_VALUES` and `REPLY_LABELS` name.
enum PointedReply {
  static func read(
    _ pointer: JSONPointer, in document: JSONNode, _ reader: ReplyReader
  ) throws(ReplyError) -> EndpointReply {
    let node = try value(of: pointer, in: document, variable: "REPLY_VALUES")
    let meaning = pointer.tokens.last.flatMap { ValueMeaning(name: $0) }
    guard let labelsPointer = reader.rules.labelsPointer else {
      var reply = try reader.read(node)
      reply.meaning = reply.meaning ?? meaning
      if let keys = pointer.keysOfFinalWildcard(in: document), case .none = reply.labels,
        keys.count == reply.numbers.values.count
      {
        reply.labels = .listed(keys.map { ListedLabel($0) })
      }
      return reply
    }
    guard let numbers = try NumberRows.numbers(node) else {
      throw ReplyError(
        "NoNumbers",
        "REPLY_VALUES=\(pointer.text) names \(ReplyError.excerpt(ReplyReader.outline(node))) in the endpoint's reply, not a list of numbers"
      )
    }
    var reply = EndpointReply(numbers: numbers, meaning: meaning)
    reply.labels = try labels(labelsPointer, in: document, for: reply)
    // Objects of a list, each with its label, may be only those of the best classes.
    if pointer.hasWildcard, case .elements(let labels) = reply.labels {
      reply.labels = .listed(listed(labels))
    }
    return reply
  }

  private static func listed(_ labels: JSONNode) -> [ListedLabel] {
    var list: [ListedLabel] = []
    for label in labels.elements ?? [] { list.append(ListedLabel(label.label ?? "")) }
    return list
  }

  static func labels(
    _ pointer: JSONPointer, in document: JSONNode, for reply: EndpointReply
  ) throws(ReplyError) -> ReplyLabels {
    let node = try value(of: pointer, in: document, variable: "REPLY_LABELS")
    guard let labels = NamedVectorReply.elements(node) else {
      throw ReplyError(
        "NoLabels",
        "REPLY_LABELS=\(pointer.text) names \(ReplyError.excerpt(ReplyReader.outline(node))) in the endpoint's reply, not a list of labels"
      )
    }
    let count = labels.elementCount ?? 0
    guard count == reply.numbers.values.count else {
      throw .labelCount(values: reply.numbers.values.count, labels: count)
    }
    return .elements(labels)
  }

  private static func value(
    of pointer: JSONPointer, in document: JSONNode, variable: String
  ) throws(ReplyError) -> JSONNode {
    switch pointer.target(in: document) {
    case .value(let node): return node
    case .missing(let token, let parent):
      throw ReplyError(
        "NothingThere",
        "\(variable)=\(pointer.text) names nothing in the endpoint's reply: there is no \"\(token)\" in \(ReplyError.excerpt(ReplyReader.outline(parent)))"
      )
    }
  }
}
