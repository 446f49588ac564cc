/// Writes JSON into one buffer without building a value first. Commas and colons are added
/// automatically; the caller must close what it opens and write a key before each member.
///
///     var writer = JSONWriter()
///     writer.beginObject()
///     writer.key("size")
///     writer.integer(328_016)
///     writer.endObject()
public struct JSONWriter: Sendable {
  /// The text written so far.
  public internal(set) var bytes: [UInt8] = []
  /// Whether the current container already has a value.
  var needsComma = false
  let isEmbedded: Bool
  /// Memory for the next string of an embedded document, before it is escaped.
  private var spare: [UInt8] = []

  /// Creates a writer with capacity for the given number of bytes.
  ///
  /// - Parameter isEmbedded: whether the text will be a string in another document. It is then
  ///   written escaped, for `endObject(aroundEmbedded:)`.
  public init(reservingCapacity: Int = 0, isEmbedded: Bool = false) {
    self.isEmbedded = isEmbedded
    bytes.reserveCapacity(reservingCapacity)
  }

  public mutating func beginObject() { begin(UInt8(ascii: "{")) }
  public mutating func endObject() { end(UInt8(ascii: "}")) }
  public mutating func beginArray() { begin(UInt8(ascii: "[")) }
  public mutating func endArray() { end(UInt8(ascii: "]")) }

  /// Writes the key of the next value.
  public mutating func key(_ name: String) {
    quoted(name, colon: true)
    needsComma = false
  }

  /// Writes a key that is already escaped.
  public mutating func key(_ name: JSONString) {
    string(name)
    bytes.append(UInt8(ascii: ":"))
    needsComma = false
  }

  public mutating func string(_ text: String) {
    quoted(text, colon: false)
    needsComma = true
  }

  /// Writes a string that is already escaped.
  public mutating func string(_ text: JSONString) {
    separate()
    if isEmbedded {
      bytes.append(copying: text.embedded)
    } else {
      bytes.append(copying: text.quoted)
    }
  }

  /// Writes, as the last member of the outermost object, a document that was written with `isEmbedded`.
  ///
  /// - Returns: the whole text. If the document is the only copy and has the capacity, in its memory.
  public mutating func endObject(aroundEmbedded document: consuming [UInt8]) -> [UInt8] {
    precondition(!isEmbedded, "a document can be embedded only once")
    separate()
    bytes.append(UInt8(ascii: "\""))
    document.insert(contentsOf: bytes, at: 0)
    document.append(UInt8(ascii: "\""))
    document.append(UInt8(ascii: "}"))
    return document
  }

  /// Writes a value that is JSON already.
  public mutating func json(_ value: [UInt8]) {
    precondition(!isEmbedded, "a value would have to be escaped")
    separate()
    bytes.append(copying: value)
  }

  /// Writes any bytes as a string; invalid UTF-8 becomes U+FFFD. Also embeds a JSON document as a
  /// string.
  public mutating func string(repairingUTF8 text: [UInt8]) {
    separate()
    guard isEmbedded else { return bytes.appendQuotedJSON(repairing: text.span) }
    var quoted: [UInt8] = []
    quoted.appendQuotedJSON(repairing: text.span)
    bytes.appendEscapedJSON(quoted.span)
  }

  public mutating func integer(_ value: Int64) {
    separate()
    bytes.append(decimal: value)
  }

  /// Writes the shortest form that reads back as the same double. For values that are not finite,
  /// see `JSONNumber.init(_:)`.
  public mutating func double(_ value: Double) {
    guard value.isFinite else { return number(JSONNumber(value)) }
    separate()
    bytes.append(json: value)
  }

  public mutating func number(_ value: JSONNumber) {
    separate()
    value.append(to: &bytes)
  }

  public mutating func bool(_ value: Bool) {
    separate()
    bytes.append(contentsOf: (value ? "true" : "false").utf8)
  }

  public mutating func null() {
    separate()
    bytes.append(contentsOf: "null".utf8)
  }

  private mutating func quoted(_ text: String, colon: Bool) {
    guard isEmbedded else {
      return bytes.appendQuotedJSON(text.utf8.span, comma: needsComma, colon: colon)
    }
    var quoted: [UInt8] = []
    swap(&quoted, &spare)
    quoted.removeAll(keepingCapacity: true)
    quoted.appendQuotedJSON(text.utf8.span, comma: needsComma, colon: colon)
    bytes.appendEscapedJSON(quoted.span)
    swap(&quoted, &spare)
  }

  private mutating func separate() {
    if needsComma { bytes.append(UInt8(ascii: ",")) }
    needsComma = true
  }

  private mutating func begin(_ bracket: UInt8) {
    separate()
    bytes.append(bracket)
    needsComma = false
  }

  private mutating func end(_ bracket: UInt8) {
    bytes.append(bracket)
    needsComma = true
  }
}
