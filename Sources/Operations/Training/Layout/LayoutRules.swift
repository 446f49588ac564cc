import AWSControl
import Foundation

/// The names and sentences of `layout-rules.json`, which train.py reads too.
struct LayoutRules: Decodable {
  let photographExtensions: [String]
  let maximumFileBytes: Int
  let maximumCSVBytes: Int
  let systemNames: Set<String>
  let outputFiles: Set<String>
  let splits: [String: Set<String>]
  let csvColumns: [String: Set<String>]
  let refusals: [String: String]
  let heldOut: [String: String]

  private static let maximumListed = 10

  /// - Throws: `TrainingError` when the package's resource is missing or damaged.
  static func load() throws(TrainingError) -> LayoutRules {
    let url = try TrainingScript.folder().appendingPathComponent("layout-rules.json")
    do {
      return try JSONDecoder().decode(LayoutRules.self, from: try Data(contentsOf: url))
    } catch { throw TrainingError("\(url.path) cannot be read: \(error)") }
  }

  var formats: String { photographExtensions.map { ".\($0)" }.joined(separator: ", ") }

  /// The refusal of this name with its sentence filled in.
  func refusal(_ name: String, _ values: [String: String]) -> Refusal {
    Refusal(Self.filled(refusals[name] ?? name, values.merging(["formats": formats]) { $1 }))
  }

  /// Where held-out photographs come from, as a phrase.
  func source(_ name: String, _ values: [String: String] = [:]) -> String {
    Self.filled(heldOut[name] ?? name, values)
  }

  /// In one pass, so that braces in a value stay as they are.
  private static func filled(_ template: String, _ values: [String: String]) -> String {
    var result = ""
    var rest = template[...]
    while let open = rest.firstIndex(of: "{"), let close = rest[open...].firstIndex(of: "}") {
      result += rest[..<open]
      let name = String(rest[rest.index(after: open)..<close])
      result += values[name] ?? "{\(name)}"
      rest = rest[rest.index(after: close)...]
    }
    return result + rest
  }

  /// The split that a folder's or a cell's name stands for.
  func split(of name: String) -> PhotographLayout.Split? {
    let name = Self.plain(name)
    return PhotographLayout.Split.allCases.first { splits[$0.rawValue]?.contains(name) == true }
  }

  /// For comparison with the names of the rules.
  static func plain(_ name: String) -> String {
    name.lowercased().filter { !"-_ ".contains($0) }
  }

  /// - Throws: `Refusal` for a class that cannot be a line of labels.txt.
  func checkClass(_ name: String, _ place: String) throws(Refusal) {
    let hasControl = name.unicodeScalars.contains { scalar in
      scalar.value < 32 || (127..<160).contains(scalar.value)
        || [0x2028, 0x2029, 0xFEFF].contains(scalar.value)
    }
    let isPlain =
      !name.isEmpty && !hasControl
      && name == name.trimmingCharacters(in: .whitespacesAndNewlines)
    guard isPlain else {
      throw refusal("class-name", ["place": place, "class": Self.quoted(name)])
    }
  }

  /// As a JSON string, which shows blanks and control characters.
  private static func quoted(_ name: String) -> String {
    var text = "\""
    for scalar in name.unicodeScalars {
      switch scalar {
      case "\"": text += "\\\""
      case "\\": text += "\\\\"
      case "\n": text += "\\n"
      case "\r": text += "\\r"
      case "\t": text += "\\t"
      case "\u{8}": text += "\\b"
      case "\u{C}": text += "\\f"
      case _ where scalar.value < 32: text += String(format: "\\u%04x", scalar.value)
      default: text.unicodeScalars.append(scalar)
      }
    }
    return text + "\""
  }

  static func listed(_ names: [String]) -> String {
    let rest = names.count > maximumListed ? " and \(names.count - maximumListed) more" : ""
    return names.prefix(maximumListed).joined(separator: ", ") + rest
  }
}

extension Sequence<String> {
  /// In the order of their code points, which is Python's, not in that of a language.
  func sortedByCodePoints() -> [String] {
    sorted { $0.utf8.lexicographicallyPrecedes($1.utf8) }
  }
}
