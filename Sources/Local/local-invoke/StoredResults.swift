import JSON
import LocalAWS
import Platform

/// Human-readable text of stored results.
enum StoredResults {
  private static let lineLength = 100

  /// The address and content of each object: JSON with short lines, other text unchanged.
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

  /// A value on one line if it fits, otherwise with one member or element per line.
  /// - Parameter width: the width of the text before it on its line.
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
