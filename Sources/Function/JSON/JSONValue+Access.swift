extension JSONValue {
  /// The member of an object; nil for other values or without such a member.
  public subscript(key: String) -> JSONValue? {
    if case .object(let object) = self { object[key] } else { nil }
  }

  /// The element of an array; nil for other values or out of bounds.
  public subscript(index: Int) -> JSONValue? {
    guard case .array(let elements) = self, elements.indices.contains(index) else { return nil }
    return elements[index]
  }

  public var stringValue: String? { if case .string(let text) = self { text } else { nil } }

  /// Nil for other values; see `JSONNumber.doubleValue`.
  public var doubleValue: Double? {
    if case .number(let number) = self { number.doubleValue } else { nil }
  }

  /// Nil for other values, and for numbers that are not an `Int64`; see `JSONNumber.int64Value`.
  public var int64Value: Int64? {
    if case .number(let number) = self { number.int64Value } else { nil }
  }

  /// Nil unless the value is `true` or `false`.
  public var boolValue: Bool? { if case .bool(let value) = self { value } else { nil } }

  public var arrayValue: [JSONValue]? {
    if case .array(let elements) = self { elements } else { nil }
  }

  public var objectValue: JSONObject? { if case .object(let object) = self { object } else { nil } }

  /// The kind of value for an error message, for example "an object" or "true or false".
  public var kind: String {
    switch self {
    case .null: "null"
    case .bool: "true or false"
    case .number: "a number"
    case .string: "a string"
    case .array: "an array"
    case .object: "an object"
    }
  }
}

extension JSONValue: ExpressibleByStringLiteral, ExpressibleByIntegerLiteral,
  ExpressibleByFloatLiteral, ExpressibleByBooleanLiteral, ExpressibleByArrayLiteral,
  ExpressibleByDictionaryLiteral
{
  public init(stringLiteral value: String) { self = .string(value) }
  public init(integerLiteral value: Int64) { self = .number(JSONNumber(value)) }
  public init(floatLiteral value: Double) { self = .number(JSONNumber(value)) }
  public init(booleanLiteral value: Bool) { self = .bool(value) }
  public init(arrayLiteral elements: JSONValue...) { self = .array(elements) }
  /// Keeps the order of the members.
  public init(dictionaryLiteral elements: (String, JSONValue)...) {
    self = .object(JSONObject(entries: elements.map { .init(key: $0.0, value: $0.1) }))
  }
}
