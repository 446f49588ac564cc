extension JSONWriter {
  /// The part of a container that is still to be written.
  private enum Rest {
    case elements(ArraySlice<JSONValue>)
    case members(ArraySlice<JSONObject.Entry>)
  }

  /// Writes a whole value. Like the parser, it keeps open containers in an array, so that depth
  /// uses no thread stack.
  public mutating func value(_ value: JSONValue) {
    var open: [Rest] = []
    begin(value, &open)
    while let rest = open.popLast() {
      switch rest {
      case .elements(let elements):
        guard let element = elements.first else {
          endArray()
          continue
        }
        open.append(.elements(elements.dropFirst()))
        begin(element, &open)
      case .members(let members):
        guard let member = members.first else {
          endObject()
          continue
        }
        open.append(.members(members.dropFirst()))
        key(member.key)
        begin(member.value, &open)
      }
    }
  }

  private mutating func begin(_ value: JSONValue, _ open: inout [Rest]) {
    switch value {
    case .null: null()
    case .bool(let value): bool(value)
    case .number(let value): number(value)
    case .string(let text): string(text)
    case .array(let elements):
      beginArray()
      open.append(.elements(elements[...]))
    case .object(let object):
      beginObject()
      open.append(.members(object.entries[...]))
    }
  }
}
