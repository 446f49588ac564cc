import JSON
import LocalAWS
import Platform

/// What the function has stored, printed for a person.
enum StoredResults {
  private static let lineLength = 100

  /// Where each object is, and what it holds: JSON in short lines, other text as it is.
  static func text(of objects: [StoredObject]) -> String {
    if objects.isEmpty { return "No result was stored." }
    return objects.map {
      "\(VisibleText.escaped("s3://\($0.bucket)/\($0.key)"))\n\(text(of: $0.bytes))"
    }
    .joined(separator: "\n")
  }

  static func text(of bytes: [UInt8]) -> String {
    if let document = try? JSONValue(parsing: bytes) {
      return VisibleText.escaped(indented(document, 0, 0), as: .jsonDocument)
    }
    return String(validating: bytes, as: UTF8.self) ?? "(\(bytes.count) bytes)"
  }

  /// A value on one line if it fits, else its members or elements on a line each.
  /// - Parameter width: what stands before it on its line.
  private static func indented(_ value: JSONValue, _ indentation: Int, _ width: Int) -> String {
    let line = String(decoding: value.serialized(), as: UTF8.self)
    if line.utf8.count + width <= lineLength { return line }
    let inner = String(repeating: " ", count: indentation + 2)
    let outer = String(repeating: " ", count: indentation)
    switch value {
    case .array(let elements):
      let lines = elements.map { inner + indented($0, indentation + 2, indentation + 3) }
      return "[\n\(lines.joined(separator: ",\n"))\n\(outer)]"
    case .object(let object):
      let lines = object.members.map { name, value in
        let start =
          "\(inner)\(String(decoding: JSONValue.string(name).serialized(), as: UTF8.self)): "
        return start + indented(value, indentation + 2, start.utf8.count + 1)
      }
      return "{\n\(lines.joined(separator: ",\n"))\n\(outer)}"
    default: return line
    }
  }
}
