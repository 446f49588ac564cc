/// The classes of a model, and which of them a label means.
package struct ClassTable: Sendable {
  package private(set) var names: [String] = []
  private var indices: [String: Int] = [:]
  private var plain: [String: [Int]] = [:]

  package init() {}

  /// The index of a class of the model.
  package mutating func index(of name: String) -> Int {
    if let index = indices[name] { return index }
    names.append(name)
    indices[name] = names.count - 1
    plain[Self.plain(name), default: []].append(names.count - 1)
    return names.count - 1
  }

  /// The class that a label means: the same name, else the only one that is the same without its number, capitals, and
  /// separators. Nil where none or several are.
  package func match(_ label: String) -> Int? {
    if let index = indices[label] { return index }
    let candidates = plain[Self.plain(label)] ?? []
    return candidates.count == 1 ? candidates[0] : nil
  }

  /// `071.German_shepherd_dog`, `n02106662-German_shepherd_dog`, and `German shepherd dog` are the same.
  static func plain(_ name: String) -> String {
    var rest = name[...]
    let digits = rest.drop { $0 == "n" }.prefix { $0.isASCII && $0.isNumber }
    if !digits.isEmpty, rest.prefix(1).allSatisfy({ $0 == "n" || $0.isNumber }) {
      let behind = rest[digits.endIndex...]
      if let first = behind.first, ".-_ ".contains(first) { rest = behind.dropFirst() }
    }
    return rest.split { "_- ".contains($0) }.joined(separator: " ").lowercased()
  }
}
