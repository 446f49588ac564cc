import JSON

/// A write that `--dry-run` prints instead of sending.
package struct PlannedWrite: Sendable, Equatable {
  /// `UpdateAlias photo-classifier:live`
  package let title: String
  package let method: String
  /// Scheme, host, path and query.
  package let url: String
  /// The body: JSON with long strings (a zip) cut, a form or XML as a string; nil when there is none.
  package let body: JSONValue?

  init(title: String, method: String, url: String, body: [UInt8]) {
    self.title = title
    self.method = method
    self.url = url
    self.body = body.isEmpty ? nil : Self.readable(body)
  }

  private static func readable(_ body: [UInt8]) -> JSONValue {
    guard let json = try? JSONValue(parsing: body) else {
      let text = JSONValue.string(String(decoding: body, as: UTF8.self))
      // XML has no long members.
      return body.first == UInt8(ascii: "<") ? text : shortened(text)
    }
    return shortened(json)
  }

  private static func shortened(_ value: JSONValue) -> JSONValue {
    switch value {
    case .string(let text) where text.utf8.count > 1000:
      return .string("\(text.prefix(40))… (\(text.utf8.count) bytes)")
    case .array(let elements): return .array(elements.map(shortened))
    case .object(let object):
      var copy = JSONObject()
      for member in object.members { copy.set(member.key, to: shortened(member.value)) }
      return .object(copy)
    default: return value
    }
  }
}
