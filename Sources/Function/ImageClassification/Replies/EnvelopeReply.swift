import JSON

/// A reply inside another: a string, a handler's pair of body and content type, Clarify's envelope, a list of one, or a
/// member such as `predictions`.
enum EnvelopeReply {
  private static let keys = [
    "predictions", "prediction", "outputs", "output", "results", "result", "data",
  ]

  static func read(_ node: JSONNode, _ reader: ReplyReader) throws(ReplyError) -> EndpointReply? {
    if let text = node.text {
      return try reader.read(
        enclosed: text, contentType: isWord(node) ? "text/csv" : "application/json")
    }
    if let only = node.onlyElement { return try reader.read(only) }
    if let elements = node.elements {
      guard elements.count == 2, let text = elements[0].text, let type = elements[1].text,
        type.utf8.contains(UInt8(ascii: "/"))
      else {
        if elements.count > 1, elements.allSatisfy({ $0.members != nil || $0.elements != nil }),
          (try? reader.read(elements[0])) != nil
        {
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

  /// Lists of numbers and tensors were tried before.
  private static func member(
    of node: JSONNode, _ reader: ReplyReader
  ) throws(ReplyError) -> EndpointReply? {
    for key in keys {
      guard let inner = node[key], inner.number == nil, !TritonReply.isTensorList(inner),
        !isWord(inner)
      else { continue }
      var reply = try reader.read(inner)
      if case .none = reply.labels {
        reply.labels = try NamedVectorReply.labels(in: node, count: reply.numbers.values.count)
      }
      return reply
    }
    return nil
  }

  /// Whether it is a string that is not JSON, such as the name of the predicted class.
  private static func isWord(_ node: JSONNode) -> Bool {
    guard let text = node.text else { return false }
    return !(text.utf8.first.map { "[{\"".utf8.contains($0) } ?? false)
  }
}
