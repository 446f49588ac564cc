import JSON
import Platform

/// JSON over several lines, readable for people too: what would move a terminal's cursor or reorder
/// its text is written as `\u009b`.
enum PrettyJSON {
  static func text(_ value: JSONValue) -> String {
    VisibleText.escaped(text(value, indentation: ""), as: .jsonDocument)
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
