/// A JSON object that keeps the order of its members and repeated keys.
///
/// Two objects are equal when they have the same keys with equal values, whatever the order.
public struct JSONObject: Equatable, Sendable, ExpressibleByDictionaryLiteral {
  /// A structure, because an array of tuples is copied and freed by a generic function.
  struct Entry {
    let key: String
    var value: JSONValue
  }

  private(set) var entries: [Entry]

  /// Every member in order of appearance, repeated keys included.
  public var members: [(key: String, value: JSONValue)] {
    entries.map { (key: $0.key, value: $0.value) }
  }

  public init() { entries = [] }

  /// An object with these members, in this order.
  public init(dictionaryLiteral elements: (String, JSONValue)...) {
    entries = elements.map { Entry(key: $0.0, value: $0.1) }
  }

  init(entries: [Entry]) { self.entries = entries }

  /// The value of a key (the last one when the key is repeated), or nil. The lookup is linear; the
  /// objects read here have about a dozen members.
  public subscript(key: String) -> JSONValue? {
    for entry in entries.reversed() where entry.key == key { return entry.value }
    return nil
  }

  /// Replaces the value of `key` in place and removes repetitions, or appends a new member.
  public mutating func set(_ key: String, to value: JSONValue) {
    guard let index = entries.firstIndex(where: { $0.key == key }) else {
      entries.append(Entry(key: key, value: value))
      return
    }
    entries[index].value = value
    let rest = entries[(index + 1)...].filter { $0.key != key }
    entries.replaceSubrange((index + 1)..., with: rest)
  }

  /// Ignores the order; see the type.
  public static func == (left: JSONObject, right: JSONObject) -> Bool {
    left.lookup == right.lookup
  }

  private var lookup: [String: JSONValue] {
    Dictionary(entries.lazy.map { ($0.key, $0.value) }, uniquingKeysWith: { $1 })
  }
}
