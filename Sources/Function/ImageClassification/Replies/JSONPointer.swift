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

  /// What a pointer leads to.
  enum Target {
    /// The value, those of a wildcard as one array.
    case value(JSONNode)
    /// Nothing: the token that found nothing, and the value that it was looked for in.
    case missing(String, in: JSONNode)
  }

  func target(in node: JSONNode) -> Target { Self.target(in: node, tokens[...]) }

  /// The keys of the members that a `*` at the end stands for; nil for elements of an array.
  func keysOfFinalWildcard(in node: JSONNode) -> [String]? {
    guard tokens.last == "*", case .value(let parent) = Self.target(in: node, tokens.dropLast()),
      parent["*"] == nil
    else { return nil }
    return parent.members?.map(\.key)
  }

  private static func target(in node: JSONNode, _ tokens: ArraySlice<String>) -> Target {
    guard let token = tokens.first else { return .value(node) }
    if let member = node[token] { return target(in: member, tokens.dropFirst()) }
    let elements = node.elements
    if token == "*", let parts = elements ?? node.members?.map(\.node) {
      var values: [NumericJSON.Value] = []
      for part in parts {
        let found = target(in: part, tokens.dropFirst())
        guard case .value(let node) = found else { return found }
        values.append(node.value)
      }
      return .value(JSONNode(document: node.document, value: .array(values)))
    }
    // RFC 6901 has no leading zeros.
    if let elements, let index = Int(token), elements.indices.contains(index), "\(index)" == token {
      return target(in: elements[index], tokens.dropFirst())
    }
    return .missing(token, in: node)
  }
}
