import JSON

/// Reads fields of a part of an event and names them in errors.
struct EventReader {
  let value: JSONValue
  /// How the part is reached, as in `Records[0]`; empty for the event itself.
  let name: String
  var isConsoleRequest = false

  /// A field, or nil when it, or an object on the way to it, is missing or null.
  func field(_ path: String...) -> JSONValue? { field(path[...]) }

  private func field(_ path: ArraySlice<String>) -> JSONValue? {
    var value = value
    for name in path {
      guard let next = value[name] else { return nil }
      value = next
    }
    if case .null = value { return nil }
    return value
  }

  /// A string that must be there and must not be empty.
  func requiredString(_ path: String...) throws(EventError) -> String {
    for length in 1..<path.count {
      let parent = try require(path.prefix(length))
      guard case .object = parent else {
        throw malformed(path.prefix(length), "must be an object, not \(parent.kind)")
      }
    }
    let value = try require(path[...])
    guard case .string(let text) = value else {
      throw malformed(path[...], "must be a string, not \(value.kind)")
    }
    if text.isEmpty { throw error(.missingField, path[...], "is empty") }
    return text
  }

  /// A string that may be missing, null or empty (all nil), but nothing else: for fields that
  /// decide what is done.
  func optionalString(_ path: String...) throws(EventError) -> String? {
    guard let value = field(path[...]) else { return nil }
    guard case .string(let text) = value else {
      throw malformed(path[...], "must be a string, not \(value.kind)")
    }
    return text.isEmpty ? nil : text
  }

  func error(_ reason: EventError.Reason, _ path: ArraySlice<String>, _ what: String) -> EventError
  {
    let parts = (name.isEmpty ? [] : [name]) + path
    return EventError(
      reason, "\(parts.joined(separator: ".")) \(what)", isConsoleRequest: isConsoleRequest)
  }

  private func malformed(_ path: ArraySlice<String>, _ what: String) -> EventError {
    error(.malformedField, path, what)
  }

  private func require(_ path: ArraySlice<String>) throws(EventError) -> JSONValue {
    guard let value = field(path) else { throw error(.missingField, path, "is missing") }
    return value
  }
}
