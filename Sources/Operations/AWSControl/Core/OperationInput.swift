import JSON

/// A JSON object of an operation's input, where nil members are left out:
///
///     ["FunctionVersion": version, "Description": description, "RevisionId": revisionID]
package struct OperationInput: Sendable, ExpressibleByDictionaryLiteral {
  package private(set) var object = JSONObject()

  package init(dictionaryLiteral elements: (String, (any InputValue)?)...) {
    for (name, value) in elements {
      if let value { object.set(name, to: value.json) }
    }
  }

  /// Adds a member, or replaces it.
  package mutating func set(_ name: String, to value: JSONValue) { object.set(name, to: value) }
}

/// A value of an operation's input.
package protocol InputValue {
  var json: JSONValue { get }
}

extension OperationInput: InputValue {
  package var json: JSONValue { .object(object) }
}

extension JSONValue: InputValue {
  package var json: JSONValue { self }
}

extension String: InputValue {
  package var json: JSONValue { .string(self) }
}

extension Int: InputValue {
  package var json: JSONValue { .number(JSONNumber(Int64(self))) }
}

extension Int64: InputValue {
  /// An integer; also a time in Unix seconds.
  package var json: JSONValue { .number(JSONNumber(self)) }
}

extension Double: InputValue {
  package var json: JSONValue { .number(JSONNumber(self)) }
}

extension Bool: InputValue {
  package var json: JSONValue { .bool(self) }
}

extension Array: InputValue where Element: InputValue {
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
