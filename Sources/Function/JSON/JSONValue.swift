/// A JSON text (RFC 8259) as a value.
public enum JSONValue: Equatable, Sendable {
  /// The literal `null`.
  case null
  /// `true` or `false`.
  case bool(Bool)
  /// A number.
  case number(JSONNumber)
  /// A string, unescaped.
  case string(String)
  /// An array.
  case array([JSONValue])
  /// An object.
  case object(JSONObject)

  /// The deepest nesting that is ever read. Releasing a value takes stack in proportion to its
  /// depth, so a greater limit cannot be asked for.
  public static let depthLimit = 512

  /// Reads one JSON text in UTF-8, strictly after RFC 8259: nothing but white space before and
  /// after the value, no byte order mark, no comma too many, no lone surrogate in an escape, no
  /// byte that is not UTF-8.
  ///
  /// - Parameter maximumDepth: how many arrays and objects may be open at once; never more than
  ///   `depthLimit`.
  /// - Throws: what is wrong and at which byte.
  public init(parsing bytes: [UInt8], maximumDepth: Int = depthLimit) throws(JSONError) {
    self = try unsafe bytes.withUnsafeBufferPointer { buffer throws(JSONError) in
      var parser = JSONParser(
        unsafe InputBytes(buffer), maximumDepth: min(maximumDepth, Self.depthLimit))
      return try parser.document()
    }
  }

  /// Reads one JSON text; see `init(parsing:maximumDepth:)`.
  public init(parsing text: String) throws(JSONError) {
    try self.init(parsing: Array(text.utf8))
  }

  /// The value as a JSON text without white space, members in their order.
  public func serialized() -> [UInt8] {
    var writer = JSONWriter()
    writer.value(self)
    return writer.bytes
  }
}
