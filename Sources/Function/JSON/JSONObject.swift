/// A JSON object that keeps the order of its members, and repeated keys as they came.
///
/// Two objects are equal when they have the same keys with equal values, whatever the order.
public struct JSONObject: Equatable, Sendable, ExpressibleByDictionaryLiteral {
  /// Every member in order of appearance, repeated keys included.
  public private(set) var members: [(key: String, value: JSONValue)]

  /// The object `{}`.
  public init() { members = [] }

  /// An object with these members, in this order.
  public init(dictionaryLiteral elements: (String, JSONValue)...) {
    members = elements.map { (key: $0.0, value: $0.1) }
  }

  init(members: [(key: String, value: JSONValue)]) { self.members = members }

  /// The value of a key, the last one when the key is repeated; nil when there is none. Takes time
  /// linear in the number of members: the objects read here have a dozen.
  public subscript(key: String) -> JSONValue? {
    for member in members.reversed() where member.key == key { return member.value }
    return nil
  }

  /// Gives `key` this value, in its place if it is there (and then only once), else at the end.
  public mutating func set(_ key: String, to value: JSONValue) {
    guard let index = members.firstIndex(where: { $0.key == key }) else {
      members.append((key: key, value: value))
      return
    }
    members[index].value = value
    let rest = members[(index + 1)...].filter { $0.key != key }
    members.replaceSubrange((index + 1)..., with: rest)
  }

  /// Equal by lookup; see the type.
  public static func == (left: JSONObject, right: JSONObject) -> Bool {
    left.lookup == right.lookup
  }

  private var lookup: [String: JSONValue] {
    Dictionary(members.lazy.map { ($0.key, $0.value) }, uniquingKeysWith: { $1 })
  }
}
