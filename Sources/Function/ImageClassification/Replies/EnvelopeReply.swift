import JSON

/// A reply inside another: a string, a handler's pair of body and content type, Clarify's envelope, a list of one, or a
/// member such as `predictions`.
enum EnvelopeReply {
  private static let keys = [
    "predictions", "prediction", "outputs", "output", "results", "result", "data",
  ]

  static func read(_ node: JSONNode, _ reader: ReplyReader) throws(ReplyError) -> EndpointReply? {
    if let text = node.text {
      let isJSON = text.utf8.first.map { "[{\"".utf8.contains($0) } ?? false
      return try reader.read(
        enclosed: text, contentType: isJSON ? "application/json" : "text/csv")
    }
    if let only = node.onlyElement { return try reader.read(only) }
    if let elements = node.elements {
      guard elements.count == 2, let text = elements[0].text, let type = elements[1].text,
        type.utf8.contains(UInt8(ascii: "/"))
      else {
        if elements.count > 1, elements.allSatisfy({ $0.members != nil || $0.elements != nil }) {
          throw .severalRows(elements.count)
        }
        return nil
      }
      return try reader.read(enclosed: text, contentType: type)
    }
    if let predictions = node["predictions"], let type = predictions["content_type"]?.text,
      let text = predictions["data"]?.text
    {
      return try reader.read(enclosed: text, contentType: type)
    }
    return try member(of: node, reader)
  }

  /// Lists of numbers are left to `NamedVectorReply`, tensors to `TritonReply`.
  private static func member(
    of node: JSONNode, _ reader: ReplyReader
  ) throws(ReplyError) -> EndpointReply? {
    for key in keys {
      guard let inner = node[key], inner.number == nil, !TritonReply.isTensorList(inner),
        try NamedVectorReply.vector(inner) == nil
      else { continue }
      var reply = try reader.read(inner)
      if case .none = reply.labels {
        reply.labels = try NamedVectorReply.labels(in: node, count: reply.numbers.values.count)
      }
      return reply
    }
    return nil
  }
}
