/// A value of a `NumericJSON` with the text that its strings stand in.
public struct JSONNode {
  /// The text.
  public let document: NumericJSON
  /// The value.
  public let value: NumericJSON.Value

  /// A value of this document.
  public init(document: NumericJSON, value: NumericJSON.Value) {
    self.document = document
    self.value = value
  }

  private func node(_ value: NumericJSON.Value) -> JSONNode {
    JSONNode(document: document, value: value)
  }

  /// The member of an object, the last one when its key is repeated; nil for anything else, when there is
  /// none, or when it is null.
  public subscript(key: String) -> JSONNode? {
    guard case .object(let members) = value else { return nil }
    for member in members.reversed() where isKey(member.key, key) {
      if case .null = member.value { return nil }
      return node(member.value)
    }
    return nil
  }

  private func isKey(_ range: Range<Int>, _ key: String) -> Bool {
    let length = key.utf8.count
    // An escape is longer than what it stands for.
    if range.count < length { return false }
    if range.count == length { return document.bytes[range].elementsEqual(key.utf8) }
    return document.bytes[range].contains(UInt8(ascii: "\\")) && document.text(range) == key
  }

  /// The keys and values of an object, else nil.
  public var members: [(key: String, node: JSONNode)]? {
    guard case .object(let members) = value else { return nil }
    return members.map { (document.text($0.key), node($0.value)) }
  }

  /// The elements of any array, else nil.
  public var elements: [JSONNode]? {
    switch value {
    case .array(let elements): elements.map(node)
    case .numbers(let list): list.values.map { node(.number($0, decimals: list.decimals)) }
    default: nil
    }
  }

  /// The number of elements of any array, else nil.
  public var elementCount: Int? {
    switch value {
    case .array(let elements): elements.count
    case .numbers(let list): list.values.count
    default: nil
    }
  }

  /// An element of any array; nil for anything else and outside of it.
  public func element(_ index: Int) -> JSONNode? {
    switch value {
    case .array(let elements) where elements.indices.contains(index): node(elements[index])
    case .numbers(let list) where list.values.indices.contains(index):
      node(.number(list.values[index], decimals: list.decimals))
    default: nil
    }
  }

  /// The only element of an array that has one, else nil.
  public var onlyElement: JSONNode? { elementCount == 1 ? element(0) : nil }

  /// The number, else nil; NaN and the infinities included.
  public var number: Double? { if case .number(let value, _) = value { value } else { nil } }

  /// The text of a string, else nil.
  public var text: String? {
    if case .string(let range) = value { document.text(range) } else { nil }
  }

  /// Whether it is a string.
  public var isString: Bool { if case .string = value { true } else { false } }

  /// What it is, in words for an error message.
  public var kind: String {
    switch value {
    case .null: "null"
    case .bool: "true or false"
    case .number: "a number"
    case .string: "a string"
    case .numbers, .array: "an array"
    case .object: "an object"
    }
  }
}
