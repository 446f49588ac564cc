import AWSControl
import Foundation
import JSON

/// What an export has written so far: `export.json` beside its parts.
package struct ExportState: Sendable, Equatable {
  package struct Part: Sendable, Equatable {
    package let name: String
    package let results: Int
    /// The file's size.
    package let bytes: Int
    /// The key of its last document; the next part begins behind it.
    package let lastKey: String
  }

  package static let fileName = "export.json"

  /// What is exported: another one does not continue this one.
  package let scope: [String: String]
  package internal(set) var parts: [Part] = []
  package internal(set) var isComplete = false

  package init(scope: [String: String]) { self.scope = scope }

  package var results: Int { parts.reduce(0) { $0 + $1.results } }

  /// - Returns: nil when the folder has no export.
  /// - Throws: `Refusal` when the file is not an export's state.
  package init?(folder: String) throws {
    guard let data = FileManager.default.contents(atPath: "\(folder)/\(Self.fileName)") else {
      return nil
    }
    guard let json = try? JSONValue(parsing: [UInt8](data)), let parts = json["parts"]?.arrayValue,
      let scope = json["scope"]?.objectValue, let isComplete = json["isComplete"]?.boolValue
    else {
      throw Refusal(
        "\(folder)/\(Self.fileName) is not the state of an export", advice: "Choose another folder")
    }
    self.scope = Dictionary(
      scope.members.compactMap { member in member.value.stringValue.map { (member.key, $0) } },
      uniquingKeysWith: { $1 })
    self.parts = parts.compactMap { part in
      guard let name = part["name"]?.stringValue, let results = part["results"]?.int64Value,
        let bytes = part["bytes"]?.int64Value, let lastKey = part["lastKey"]?.stringValue
      else { return nil }
      return Part(name: name, results: Int(results), bytes: Int(bytes), lastKey: lastKey)
    }
    self.isComplete = isComplete
  }

  /// Replaces the file as a whole.
  func write(to folder: String) throws {
    let json: OperationInput = [
      "scope": scope,
      "isComplete": isComplete,
      "parts": parts.map { part -> OperationInput in
        [
          "name": part.name, "results": part.results, "bytes": part.bytes, "lastKey": part.lastKey,
        ]
      },
    ]
    let url = URL(fileURLWithPath: "\(folder)/\(Self.fileName)")
    try Data(json.json.serialized()).write(to: url, options: .atomic)
    try FileManager.default.setAttributes([.posixPermissions: 0o600], ofItemAtPath: url.path)
  }
}
