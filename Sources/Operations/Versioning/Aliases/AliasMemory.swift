import Foundation

/// What an alias's description holds: somebody's text, and the version to roll back to.
///
/// Lambda has no room for the version before, so that it is written behind the text: `Breeds [previous: 5]`.
package struct AliasMemory: Equatable, Sendable {
  /// Lambda's limit of a description, in characters.
  package static let maximumCharacters = 256

  /// Somebody's own text; empty when there is none.
  package var text: String
  /// The version that the alias pointed to before; nil when none is remembered.
  package var previous: String?

  /// A text and a version.
  package init(text: String = "", previous: String? = nil) {
    self.text = text
    self.previous = previous
  }

  /// Reads a description.
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

  /// The description to write; a text that is too long loses its end.
  package var description: String {
    guard let previous else { return String(text.prefix(Self.maximumCharacters)) }
    let mark = "[previous: \(previous)]"
    guard !text.isEmpty else { return mark }
    return "\(text.prefix(Self.maximumCharacters - mark.count - 1)) \(mark)"
  }
}
