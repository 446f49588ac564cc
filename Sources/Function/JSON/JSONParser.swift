/// Parses one JSON text. Open containers are kept in an array instead of on the thread's stack, so
/// that neither a debug build nor a small thread stack limits the depth.
struct JSONParser {
  private struct Container {
    let isObject: Bool
    var elements: [JSONValue] = []
    var entries: [JSONObject.Entry] = []
    /// The key whose value is being read.
    var key = ""
  }

  let input: InputBytes
  var offset = 0
  /// Unescaped bytes of the current string; reused to allocate once.
  var scratch: [UInt8] = []
  private let maximumDepth: Int
  /// The innermost open container when `depth` is not 0; separate from the others because every
  /// value is added to it.
  private var current = Container(isObject: false)
  private var outer: [Container] = []
  private var depth = 0

  init(_ input: InputBytes, maximumDepth: Int) {
    self.input = input
    self.maximumDepth = maximumDepth
  }

  /// Parses the whole text: one value, surrounded only by white space.
  mutating func document() throws(JSONError) -> JSONValue {
    if input.count >= 3, input[0] == 0xEF, input[1] == 0xBB, input[2] == 0xBF {
      throw JSONError("a byte order mark is not allowed", at: 0)
    }
    let value = try self.value()
    skipWhitespace()
    if offset < input.count { throw JSONError("unexpected text after the value", at: offset) }
    return value
  }

  private mutating func value() throws(JSONError) -> JSONValue {
    while true {
      skipWhitespace()
      guard var value = try scalarOrEmptyContainer() else { continue }  // one was opened
      while true {
        guard depth > 0 else { return value }
        attach(value)
        guard let closed = try closeOrComma() else { break }  // another value follows
        value = closed
      }
    }
  }

  /// Returns a complete value, or nil after the opening bracket of a container whose first value is
  /// at `offset`.
  private mutating func scalarOrEmptyContainer() throws(JSONError) -> JSONValue? {
    guard let byte = peek else { throw JSONError("a value is missing", at: offset) }
    switch byte {
    case UInt8(ascii: "\""): return .string(try string())
    case UInt8(ascii: "-"), UInt8(ascii: "0")...UInt8(ascii: "9"):
      return .number(try number())
    case UInt8(ascii: "["):
      try push(isObject: false)
      skipWhitespace()
      if peek == UInt8(ascii: "]") { return pop() }
      return nil
    case UInt8(ascii: "{"):
      try push(isObject: true)
      skipWhitespace()
      if peek == UInt8(ascii: "}") { return pop() }
      try memberKey()
      return nil
    case UInt8(ascii: "t"): return try literal("true", .bool(true))
    case UInt8(ascii: "f"): return try literal("false", .bool(false))
    case UInt8(ascii: "n"): return try literal("null", .null)
    default: throw JSONError("\(Self.name(byte)) does not begin a value", at: offset)
    }
  }

  /// Called after a value in a container. Returns the container when it ends, or nil when a comma
  /// follows.
  private mutating func closeOrComma() throws(JSONError) -> JSONValue? {
    skipWhitespace()
    let isObject = current.isObject
    let byte = peek
    if byte == UInt8(ascii: ",") {
      offset += 1
      if isObject {
        skipWhitespace()
        try memberKey()
      }
      return nil
    }
    if byte == (isObject ? UInt8(ascii: "}") : UInt8(ascii: "]")) { return pop() }
    throw JSONError("a comma or \(isObject ? "}" : "]") is missing", at: offset)
  }

  private mutating func memberKey() throws(JSONError) {
    guard peek == UInt8(ascii: "\"") else {
      throw JSONError("the key of a member is missing", at: offset)
    }
    let key = try string()
    skipWhitespace()
    guard peek == UInt8(ascii: ":") else {
      throw JSONError("a colon is missing", at: offset)
    }
    offset += 1
    current.key = key
  }

  private mutating func attach(_ value: JSONValue) {
    if current.isObject {
      current.entries.append(JSONObject.Entry(key: current.key, value: value))
    } else {
      current.elements.append(value)
    }
  }

  private mutating func push(isObject: Bool) throws(JSONError) {
    if depth >= maximumDepth {
      throw JSONError(
        "arrays and objects are nested deeper than \(maximumDepth) levels", at: offset)
    }
    if depth > 0 { outer.append(current) }
    current = Container(isObject: isObject)
    depth += 1
    offset += 1
  }

  private mutating func pop() -> JSONValue {
    offset += 1
    let container = current
    depth -= 1
    current = outer.popLast() ?? Container(isObject: false)
    return container.isObject
      ? .object(JSONObject(entries: container.entries)) : .array(container.elements)
  }

  private mutating func literal(_ text: StaticString, _ value: JSONValue) throws(JSONError)
    -> JSONValue
  {
    try word(text)
    return value
  }
}
