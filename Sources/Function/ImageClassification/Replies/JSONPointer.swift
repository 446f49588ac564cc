import JSON

/// A JSON pointer (RFC 6901) such as `/outputs/0/data`. In place of an index or a key, `*` stands for every element
/// of an array, or every member of an object that has no member `*`: `/results/*/score`.
struct JSONPointer {
  /// As it was given.
  let text: String
  /// The unescaped reference tokens.
  let tokens: [String]

  /// Nil for a text that does not begin with `/` or has a `~` that is neither `~0` nor `~1`.
  init?(_ text: String) {
    guard text.utf8.first == UInt8(ascii: "/") else { return nil }
    self.text = text
    var tokens: [String] = []
    for part in text.utf8.dropFirst().split(
      separator: UInt8(ascii: "/"), omittingEmptySubsequences: false)
    {
      guard let token = Self.unescaped(part) else { return nil }
      tokens.append(token)
    }
    self.tokens = tokens
  }

  private static func unescaped(_ part: Substring.UTF8View) -> String? {
    var bytes: [UInt8] = []
    var isEscape = false
    for byte in part {
      if isEscape {
        guard byte == UInt8(ascii: "0") || byte == UInt8(ascii: "1") else { return nil }
        bytes.append(byte == UInt8(ascii: "0") ? UInt8(ascii: "~") : UInt8(ascii: "/"))
        isEscape = false
      } else if byte == UInt8(ascii: "~") {
        isEscape = true
      } else {
        bytes.append(byte)
      }
    }
    return isEscape ? nil : String(decoding: bytes, as: UTF8.self)
  }

  var hasWildcard: Bool { tokens.contains("*") }

  /// The value that it names, those of a wildcard as one array.
  ///
  /// - Returns: nil, and the token at which nothing was found.
  func value(in node: JSONNode) -> (node: JSONNode?, missing: String) {
    value(in: node, tokens[...])
  }

  private func value(
    in node: JSONNode, _ tokens: ArraySlice<String>
  ) -> (node: JSONNode?, missing: String) {
    guard let token = tokens.first else { return (node, "") }
    if let member = node[token] { return value(in: member, tokens.dropFirst()) }
    let elements = node.elements
    if token == "*", let parts = elements ?? node.members?.map(\.node) {
      var values: [NumericJSON.Value] = []
      for part in parts {
        let found = value(in: part, tokens.dropFirst())
        guard let value = found.node?.value else { return found }
        values.append(value)
      }
      return (JSONNode(document: node.document, value: .array(values)), "")
    }
    if let elements, let index = Int(token), elements.indices.contains(index) {
      return value(in: elements[index], tokens.dropFirst())
    }
    return (nil, token)
  }
}
