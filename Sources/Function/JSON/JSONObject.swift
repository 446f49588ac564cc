/// A JSON object that keeps the order of its members and repeated keys.
///
/// Two objects are equal when they have the same keys with equal values, whatever the order.
public struct JSONObject: Equatable, Sendable, ExpressibleByDictionaryLiteral {
  /// Every member in order of appearance, repeated keys included.
  public private(set) var members: [(key: String, value: JSONValue)]

  public init() { members = [] }

  /// An object with these members, in this order.
  public init(dictionaryLiteral elements: (String, JSONValue)...) {
    members = elements.map { (key: $0.0, value: $0.1) }
  }

  init(members: [(key: String, value: JSONValue)]) { self.members = members }

  /// The value of a key (the last one when the key is repeated), or nil. The lookup is linear; the
  /// objects read here have about a dozen members.
  public subscript(key: String) -> JSONValue? {
    for member in members.reversed() where member.key == key { return member.value }
    return nil
  }

  /// Replaces the value of `key` in place and removes repetitions, or appends a new member.
  public mutating func set(_ key: String, to value: JSONValue) {
    guard let index = members.firstIndex(where: { $0.key == key }) else {
      members.append((key: key, value: value))
      return
    }
    members[index].value = value
    let rest = members[(index + 1)...].filter { $0.key != key }
    members.replaceSubrange((index + 1)..., with: rest)
  }

  /// Ignores the order; see the type.
  public static func == (left: JSONObject, right: JSONObject) -> Bool {
    left.lookup == right.lookup
  }

  private var lookup: [String: JSONValue] {
    Dictionary(members.lazy.map { ($0.key, $0.value) }, uniquingKeysWith: { $1 })
  }
}
