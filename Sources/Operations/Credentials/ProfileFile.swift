import Foundation

/// The format of the shared files: sections, `key = value`, comments, and indented lines below a
/// key.
///
/// Source: https://docs.aws.amazon.com/sdkref/latest/guide/file-format.html
enum ProfileFile {
  /// What stands between the brackets, and the values below it, keys in lower case.
  struct Section {
    let name: String
    var values: [String: Profile.Setting] = [:]
  }

  static func parse(_ text: String, path: String) throws(CredentialError) -> [Section] {
    var sections: [Section] = []
    for (index, line) in text.split(separator: "\n", omittingEmptySubsequences: false).enumerated()
    {
      let content = line.trimmingCharacters(in: .whitespaces.union(.newlines))
      if content.isEmpty || content.hasPrefix("#") || content.hasPrefix(";") { continue }
      // A setting of a nested block, as below `s3 =`: nothing here reads those.
      if line.first == " " || line.first == "\t", sections.last?.values.isEmpty == false {
        continue
      }
      if content.hasPrefix("[") {
        guard let end = content.firstIndex(of: "]") else {
          throw trouble("a [ without a ]", path, index)
        }
        let name = content[content.index(after: content.startIndex)..<end]
        sections.append(Section(name: name.trimmingCharacters(in: .whitespaces)))
      } else {
        guard let equals = content.firstIndex(of: "="), !sections.isEmpty else {
          // The line itself may hold a secret and is not shown.
          throw trouble("neither a [section] nor key = value", path, index)
        }
        let key = content[..<equals].trimmingCharacters(in: .whitespaces).lowercased()
        let value = content[content.index(after: equals)...]
        sections[sections.count - 1].values[key] = Profile.Setting(
          value: withoutComment(String(value)), path: path, line: index + 1)
      }
    }
    return sections
  }

  /// A comment behind a value begins with a space and `#` or `;`.
  private static func withoutComment(_ value: String) -> String {
    var end = value.endIndex
    for mark in [" #", " ;", "\t#", "\t;"] {
      if let range = value.range(of: mark), range.lowerBound < end { end = range.lowerBound }
    }
    return value[..<end].trimmingCharacters(in: .whitespaces)
  }

  private static func trouble(_ problem: String, _ path: String, _ index: Int) -> CredentialError {
    CredentialError(source: path, problem: "line \(index + 1) is \(problem)")
  }
}
