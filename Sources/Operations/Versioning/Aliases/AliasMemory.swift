import Foundation

/// An alias's description: free text, and the version to roll back to.
///
/// Lambda has no field for the previous version, so that it follows the text: `Breeds [previous:
/// 5]`.
package struct AliasMemory: Equatable, Sendable {
  /// Lambda's limit of a description, in characters.
  package static let maximumCharacters = 256

  /// The free text; may be empty.
  package var text: String
  /// The version that the alias pointed to before; nil when none is recorded.
  package var previous: String?

  package init(text: String = "", previous: String? = nil) {
    self.text = text
    self.previous = previous
  }

  package init(description: String) {
    text = description
    guard description.hasSuffix("]"),
      let mark = description.range(of: "[previous: ", options: .backwards)
    else { return }
    let version = description[mark.upperBound...].dropLast()
    guard !version.isEmpty, version.allSatisfy(\.isNumber) else { return }
    previous = String(version)
    text = description[..<mark.lowerBound].trimmingCharacters(in: .whitespaces)
  }

  /// The description to write; text beyond the limit is cut.
  package var description: String {
    guard let previous else { return String(text.prefix(Self.maximumCharacters)) }
    let mark = "[previous: \(previous)]"
    guard !text.isEmpty else { return mark }
    return "\(text.prefix(Self.maximumCharacters - mark.count - 1)) \(mark)"
  }
}
