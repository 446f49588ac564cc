import JSON

/// A JSON object of an operation's input, where nil members are left out:
///
///     ["FunctionVersion": version, "Description": description, "RevisionId": revisionID]
public struct OperationInput: Sendable, ExpressibleByDictionaryLiteral {
  /// The members that have a value.
  public private(set) var object = JSONObject()

  /// Members in this order.
  public init(dictionaryLiteral elements: (String, (any InputValue)?)...) {
    for (name, value) in elements {
      if let value { object.set(name, to: value.json) }
    }
  }

  /// Adds a member, or replaces it.
  mutating func set(_ name: String, to value: JSONValue) { object.set(name, to: value) }
}

/// What can stand in an input.
public protocol InputValue {
  /// As JSON.
  var json: JSONValue { get }
}

extension OperationInput: InputValue {
  /// The object.
  public var json: JSONValue { .object(object) }
}

extension JSONValue: InputValue {
  /// Itself.
  public var json: JSONValue { self }
}

extension String: InputValue {
  /// A string.
  public var json: JSONValue { .string(self) }
}

extension Int: InputValue {
  /// An integer.
  public var json: JSONValue { .number(JSONNumber(Int64(self))) }
}

extension Int64: InputValue {
  /// An integer; also a time in Unix seconds.
  public var json: JSONValue { .number(JSONNumber(self)) }
}

extension Double: InputValue {
  /// A number.
  public var json: JSONValue { .number(JSONNumber(self)) }
}

extension Bool: InputValue {
  /// `true` or `false`.
  public var json: JSONValue { .bool(self) }
}

extension Array: InputValue where Element: InputValue {
  /// An array.
  public var json: JSONValue { .array(map(\.json)) }
}

extension Dictionary: InputValue where Key == String, Value: InputValue {
  /// An object, members in the order of their names so that the same input gives the same bytes.
  public var json: JSONValue {
    var object = JSONObject()
    for (key, value) in sorted(by: { $0.key < $1.key }) { object.set(key, to: value.json) }
    return .object(object)
  }
}
