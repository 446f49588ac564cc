import JSON

/// An error with status 200: `{"error": "…"}`, `{"code": 424, "error": "…", "data": ""}`.
///
/// Hand-written servers, handlers that forward a body, and DJL's large-model container send it.
enum ErrorReply {
  private static let keys = ["error", "errorMessage", "errors", "message"]
  private static let maximumTextLength = 200

  static func read(_ node: JSONNode, _ reader: ReplyReader) throws(ReplyError) -> EndpointReply? {
    guard case .object = node.value else { return nil }
    let isFailure = (node["code"]?.number ?? node["statusCode"]?.number ?? 0) >= 400
    guard
      let error = keys.lazy.compactMap({ $0 == "message" && !isFailure ? nil : node[$0] }).first,
      error.number == nil, isError(error),
      !NamedVectorReply.valueKeys.contains(where: { hasNumbers(node[$0]) })
    else { return nil }
    throw ReplyError(
      "ContainerError",
      "the model answered with an error: \(ReplyError.excerpt(text(error), limit: maximumTextLength))"
    )
  }

  /// Some servers send `"error": false` or `"error": ""` with every reply.
  private static func isError(_ node: JSONNode) -> Bool {
    switch node.value {
    case .bool(let isError): isError
    case .string(let text): !text.isEmpty
    case .array(let errors): !errors.isEmpty
    default: true
    }
  }

  private static func hasNumbers(_ node: JSONNode?) -> Bool {
    switch node?.value {
    case .number, .numbers, .object: true
    case .array(let elements): !elements.isEmpty
    default: false
    }
  }

  private static func text(_ error: JSONNode) -> String {
    if let text = error.text { return text }
    if let inner = error["message"] ?? error.elements?.first { return text(inner) }
    return ReplyReader.outline(error)
  }
}
