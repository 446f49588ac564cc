/// Writes JSON into one buffer, without building a value first. Commas and colons come by
/// themselves; that what is begun is ended, and that members have keys, is up to the caller.
///
///     var writer = JSONWriter()
///     writer.beginObject()
///     writer.key("size")
///     writer.integer(328_016)
///     writer.endObject()
public struct JSONWriter: Sendable {
  /// What has been written so far.
  public private(set) var bytes: [UInt8] = []
  /// Whether a value stands before the next one in the same container.
  private var needsComma = false
  private let isEmbedded: Bool

  /// An empty text with room for this many bytes.
  ///
  /// - Parameter isEmbedded: the text is to be a string of another document: it is written escaped already, for
  ///   `string(embedded:)`.
  public init(reservingCapacity: Int = 0, isEmbedded: Bool = false) {
    self.isEmbedded = isEmbedded
    bytes.reserveCapacity(reservingCapacity)
  }

  /// Opens an object.
  public mutating func beginObject() { begin(UInt8(ascii: "{")) }
  /// Closes the object opened last.
  public mutating func endObject() { end(UInt8(ascii: "}")) }
  /// Opens an array.
  public mutating func beginArray() { begin(UInt8(ascii: "[")) }
  /// Closes the array opened last.
  public mutating func endArray() { end(UInt8(ascii: "]")) }

  /// The key of the member whose value is written next.
  public mutating func key(_ name: String) {
    quoted(name, colon: true)
    needsComma = false
  }

  /// The same with a name that is escaped already.
  public mutating func key(_ name: JSONString) {
    string(name)
    bytes.append(UInt8(ascii: ":"))
    needsComma = false
  }

  /// A string.
  public mutating func string(_ text: String) {
    quoted(text, colon: false)
    needsComma = true
  }

  /// A string that is escaped already.
  public mutating func string(_ text: JSONString) {
    separate()
    if isEmbedded {
      bytes.append(copying: text.embedded)
    } else {
      bytes.append(copying: text.quoted)
    }
  }

  /// A document that a writer with `isEmbedded` has written, as a string.
  public mutating func string(embedded document: [UInt8]) {
    precondition(!isEmbedded, "documents are embedded once")
    separate()
    bytes.append(UInt8(ascii: "\""))
    bytes.append(copying: document)
    bytes.append(UInt8(ascii: "\""))
  }

  /// A string from any bytes: what is not UTF-8 in them becomes U+FFFD. Embeds a JSON document as a
  /// string, too.
  public mutating func string(repairingUTF8 text: [UInt8]) {
    separate()
    guard isEmbedded else { return bytes.appendQuotedJSON(repairing: text.span) }
    var quoted: [UInt8] = []
    quoted.appendQuotedJSON(repairing: text.span)
    bytes.appendEscapedJSON(quoted.span)
  }

  /// An integer.
  public mutating func integer(_ value: Int64) {
    separate()
    bytes.append(contentsOf: String(value).utf8)
  }

  /// A double in the shortest form that reads back as the same; not finite, see
  /// `JSONNumber.init(_:)`.
  public mutating func double(_ value: Double) { number(JSONNumber(value)) }

  /// A number as it was read.
  public mutating func number(_ value: JSONNumber) {
    separate()
    value.append(to: &bytes)
  }

  /// `true` or `false`.
  public mutating func bool(_ value: Bool) {
    separate()
    bytes.append(contentsOf: (value ? "true" : "false").utf8)
  }

  /// The literal `null`.
  public mutating func null() {
    separate()
    bytes.append(contentsOf: "null".utf8)
  }

  private mutating func quoted(_ text: String, colon: Bool) {
    guard isEmbedded else {
      return bytes.appendQuotedJSON(text.utf8.span, comma: needsComma, colon: colon)
    }
    var quoted: [UInt8] = []
    quoted.appendQuotedJSON(text.utf8.span, comma: needsComma, colon: colon)
    bytes.appendEscapedJSON(quoted.span)
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
