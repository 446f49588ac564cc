import JSON

/// JSON over several lines, for people who read what a script would.
enum PrettyJSON {
  static func text(_ value: JSONValue) -> String {
    text(value, indentation: "")
  }

  private static func text(_ value: JSONValue, indentation: String) -> String {
    let inner = indentation + "  "
    switch value {
    case .array(let elements) where !elements.isEmpty:
      let lines = elements.map { inner + text($0, indentation: inner) }
      return "[\n" + lines.joined(separator: ",\n") + "\n\(indentation)]"
    case .object(let object) where !object.members.isEmpty:
      let lines = object.members.map { member in
        "\(inner)\(compact(.string(member.key))): \(text(member.value, indentation: inner))"
      }
      return "{\n" + lines.joined(separator: ",\n") + "\n\(indentation)}"
    default: return compact(value)
    }
  }

  private static func compact(_ value: JSONValue) -> String {
    String(decoding: value.serialized(), as: UTF8.self)
  }
}
