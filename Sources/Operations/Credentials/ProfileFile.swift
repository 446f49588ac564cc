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
    /// The indented lines below a key, by key, as below `s3 =`; keys in lower case.
    var blocks: [String: [String: Profile.Setting]] = [:]
  }

  static func parse(_ text: String, path: String) throws(CredentialError) -> [Section] {
    var sections: [Section] = []
    var block: String?
    for (index, line) in text.split(separator: "\n", omittingEmptySubsequences: false).enumerated()
    {
      let content = line.trimmingCharacters(in: .whitespaces.union(.newlines))
      if content.isEmpty || content.hasPrefix("#") || content.hasPrefix(";") { continue }
      if line.first == " " || line.first == "\t", sections.last?.values.isEmpty == false {
        // A setting of a nested block; other continued lines are not used here.
        if let block, let (key, value) = setting(content, path, index) {
          sections[sections.count - 1].blocks[block, default: [:]][key] = value
        }
        continue
      }
      if content.hasPrefix("[") {
        guard let end = content.firstIndex(of: "]") else {
          throw trouble("a [ without a ]", path, index)
        }
        let name = content[content.index(after: content.startIndex)..<end]
        sections.append(Section(name: name.trimmingCharacters(in: .whitespaces)))
        block = nil
      } else {
        guard let (key, value) = setting(content, path, index), !sections.isEmpty else {
          // The line itself may hold a secret and is not shown.
          throw trouble("neither a [section] nor key = value", path, index)
        }
        sections[sections.count - 1].values[key] = value
        block = value.value.isEmpty ? key : nil
      }
    }
    return sections
  }

  private static func setting(
    _ content: String, _ path: String, _ index: Int
  ) -> (key: String, value: Profile.Setting)? {
    guard let equals = content.firstIndex(of: "=") else { return nil }
    let key = content[..<equals].trimmingCharacters(in: .whitespaces).lowercased()
    let value = withoutComment(String(content[content.index(after: equals)...]))
    return (key, Profile.Setting(value: value, path: path, line: index + 1))
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
