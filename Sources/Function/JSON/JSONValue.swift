/// A JSON text (RFC 8259) as a value.
public enum JSONValue: Equatable, Sendable {
  case null
  case bool(Bool)
  case number(JSONNumber)
  /// Unescaped.
  case string(String)
  case array([JSONValue])
  case object(JSONObject)

  /// The maximum nesting depth. Releasing a value uses stack in proportion to its depth, so the
  /// limit cannot be raised.
  public static let depthLimit = 512

  /// Parses one JSON text in UTF-8, strictly as in RFC 8259: only white space before and after the
  /// value, no byte order mark, no trailing comma, no lone surrogate in an escape, only valid
  /// UTF-8.
  ///
  /// - Parameter maximumDepth: maximum number of nested arrays and objects, at most `depthLimit`.
  /// - Throws: the reason and its byte offset.
  public init(parsing bytes: [UInt8], maximumDepth: Int = depthLimit) throws(JSONError) {
    self = try unsafe bytes.withUnsafeBufferPointer { buffer throws(JSONError) in
      var parser = JSONParser(
        unsafe InputBytes(buffer), maximumDepth: min(maximumDepth, Self.depthLimit))
      return try parser.document()
    }
  }

  /// Parses one JSON text; see `init(parsing:maximumDepth:)`.
  public init(parsing text: String) throws(JSONError) {
    try self.init(parsing: Array(text.utf8))
  }

  /// JSON text without white space, members in their order.
  public func serialized() -> [UInt8] {
    var writer = JSONWriter()
    writer.value(self)
    return writer.bytes
  }
}
