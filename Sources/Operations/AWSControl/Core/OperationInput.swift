import JSON

/// A JSON object of an operation's input, where nil members are left out:
///
///     ["FunctionVersion": version, "Description": description, "RevisionId": revisionID]
package struct OperationInput: Sendable, ExpressibleByDictionaryLiteral {
  /// The members that have a value.
  package private(set) var object = JSONObject()

  /// Members in this order.
  package init(dictionaryLiteral elements: (String, (any InputValue)?)...) {
    for (name, value) in elements {
      if let value { object.set(name, to: value.json) }
    }
  }

  /// Adds a member, or replaces it.
  mutating func set(_ name: String, to value: JSONValue) { object.set(name, to: value) }
}

/// What can stand in an input.
package protocol InputValue {
  /// As JSON.
  var json: JSONValue { get }
}

extension OperationInput: InputValue {
  /// The object.
  package var json: JSONValue { .object(object) }
}

extension JSONValue: InputValue {
  /// Itself.
  package var json: JSONValue { self }
}

extension String: InputValue {
  /// A string.
  package var json: JSONValue { .string(self) }
}

extension Int: InputValue {
  /// An integer.
  package var json: JSONValue { .number(JSONNumber(Int64(self))) }
}

extension Int64: InputValue {
  /// An integer; also a time in Unix seconds.
  package var json: JSONValue { .number(JSONNumber(self)) }
}

extension Double: InputValue {
  /// A number.
  package var json: JSONValue { .number(JSONNumber(self)) }
}

extension Bool: InputValue {
  /// `true` or `false`.
  package var json: JSONValue { .bool(self) }
}

extension Array: InputValue where Element: InputValue {
  /// An array.
  package var json: JSONValue { .array(map(\.json)) }
}

extension Dictionary: InputValue where Key == String, Value: InputValue {
  /// An object, members in the order of their names so that the same input gives the same bytes.
  package var json: JSONValue {
    var object = JSONObject()
    for (key, value) in sorted(by: { $0.key < $1.key }) { object.set(key, to: value.json) }
    return .object(object)
  }
}
