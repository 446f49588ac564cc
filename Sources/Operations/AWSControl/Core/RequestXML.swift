/// An element of a request's XML, written without white space.
package struct RequestXML: Sendable {
  private enum Content: Sendable {
    case text(String)
    case elements([RequestXML])
  }

  private let name: String
  private let content: Content
  private let namespace: String?

  package init(_ name: String, _ text: String) {
    self.name = name
    content = .text(text)
    namespace = nil
  }

  /// An element with those of its members that have a value.
  package init(_ name: String, namespace: String? = nil, _ members: [RequestXML?]) {
    self.name = name
    content = .elements(members.compactMap { $0 })
    self.namespace = namespace
  }

  /// Nil without a value.
  package init?(_ name: String, optional text: String?) {
    guard let text else { return nil }
    self.init(name, text)
  }

  package var text: String {
    let inner =
      switch content {
      case .text(let text): Self.escaped(text)
      case .elements(let elements): elements.map(\.text).joined()
      }
    return "<\(name)\(namespace.map { " xmlns=\"\($0)\"" } ?? "")>\(inner)</\(name)>"
  }

  private static func escaped(_ text: String) -> String {
    var result = ""
    for scalar in text.unicodeScalars {
      switch scalar {
      case "&": result += "&amp;"
      case "<": result += "&lt;"
      case ">": result += "&gt;"
      // A parser would read a line feed instead.
      case "\r": result += "&#xD;"
      default: result.unicodeScalars.append(scalar)
      }
    }
    return result
  }
}
