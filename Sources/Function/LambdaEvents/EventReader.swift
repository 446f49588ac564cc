import JSON

/// Reads fields of a part of an event, and names the field in each error.
struct EventReader {
  let value: JSONValue
  /// The path of the part, or of the array that it is an element of; empty for the event itself.
  private let path: String
  /// Its index in that array.
  private let index: Int?
  let isConsoleRequest: Bool

  init(value: JSONValue, name: String, index: Int? = nil, isConsoleRequest: Bool = false) {
    self.value = value
    path = name
    self.index = index
    self.isConsoleRequest = isConsoleRequest
  }

  /// The path of the part, for example `Records[0]`; made for errors only.
  var name: String { index.map { "\(path)[\($0)]" } ?? path }

  /// A field, or nil when the field or one of its parents is missing or null.
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

  /// A required string that must not be empty.
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

  /// An element of an array of this part.
  func element(_ value: JSONValue, of array: String, at index: Int) -> EventReader {
    EventReader(
      value: value, name: self.index == nil && path.isEmpty ? array : fullName([array]),
      index: index)
  }

  func requireObject() throws(EventError) {
    guard case .object = value else {
      throw error(.malformedField, [], "must be an object, not \(value.kind)")
    }
  }

  /// Decodes a form-encoded key.
  func formDecoded(_ rawKey: String, _ path: String...) throws(EventError) -> String {
    do throws(FormDecodingError) {
      return try LambdaEvents.formDecoded(rawKey)
    } catch {
      throw self.error(
        .malformedKey, path[...],
        "\(EventError.quoted(rawKey)) cannot be decoded: \(error.reason)")
    }
  }

  /// A required array of 1 to `maximumRecordCount` elements.
  ///
  /// - Parameter accepted: the end of the message about an empty array.
  func requiredArray(_ name: String, accepted: String) throws(EventError) -> [JSONValue] {
    guard let value = value[name] else { throw error(.missingField, [name], "is missing") }
    guard case .array(let elements) = value else {
      throw malformed([name], "must be an array, not \(value.kind)")
    }
    if elements.isEmpty { throw error(.noRecords, [name], "is empty; \(accepted)") }
    guard elements.count <= LambdaEvent.maximumRecordCount else {
      throw error(
        .tooManyRecords, [name],
        "has \(elements.count) elements; the limit is \(LambdaEvent.maximumRecordCount)")
    }
    return elements
  }

  /// Parses the JSON text of a field. Its parts are named as if they were members of the field.
  func embeddedJSON(_ path: String...) throws(EventError) -> EventReader {
    guard let value = field(path[...]) else {
      throw error(.missingField, path[...], "is missing")
    }
    guard case .string(let text) = value else {
      throw malformed(path[...], "must be a string, not \(value.kind)")
    }
    do throws(JSONError) {
      return EventReader(
        value: try JSONValue(parsingAfterByteOrderMark: Array(text.utf8)),
        name: fullName(path[...]))
    } catch {
      throw self.error(
        .notJSON, path[...], "is not JSON: \(error); \(EventError.acceptedMessages)")
    }
  }

  /// A string that may be missing, null, or empty (all nil), but not another type. For fields that
  /// decide how the event is processed.
  func optionalString(_ path: String...) throws(EventError) -> String? {
    guard let value = field(path[...]) else { return nil }
    guard case .string(let text) = value else {
      throw malformed(path[...], "must be a string, not \(value.kind)")
    }
    return text.isEmpty ? nil : text
  }

  func error(_ reason: EventError.Reason, _ path: ArraySlice<String>, _ what: String) -> EventError
  {
    EventError(reason, "\(fullName(path)) \(what)", isConsoleRequest: isConsoleRequest)
  }

  private func fullName(_ path: ArraySlice<String>) -> String {
    ((name.isEmpty ? [] : [name]) + path).joined(separator: ".")
  }

  private func malformed(_ path: ArraySlice<String>, _ what: String) -> EventError {
    error(.malformedField, path, what)
  }

  private func require(_ path: ArraySlice<String>) throws(EventError) -> JSONValue {
    guard let value = field(path) else { throw error(.missingField, path, "is missing") }
    return value
  }
}

extension JSONValue {
  /// Reads JSON that may begin with a byte order mark, as files written on Windows do.
  init(parsingAfterByteOrderMark bytes: [UInt8]) throws(JSONError) {
    let mark: [UInt8] = [0xEF, 0xBB, 0xBF]
    try self.init(parsing: bytes.starts(with: mark) ? Array(bytes.dropFirst(mark.count)) : bytes)
  }
}
