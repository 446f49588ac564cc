/// A string that is escaped once and written often, such as a class name or a key.
///
/// A class, so that copying it costs one reference count instead of one per property.
public final class JSONString: Sendable {
  public let text: String
  /// The escaped string, in quotes.
  let quoted: [UInt8]
  /// The same, escaped again for a document that is embedded as a string in another one.
  let embedded: [UInt8]

  public init(_ text: String) {
    self.text = text
    var quoted: [UInt8] = []
    quoted.appendQuotedJSON(text.utf8.span, comma: false, colon: false)
    var embedded: [UInt8] = []
    embedded.appendEscapedJSON(quoted.span)
    self.quoted = quoted
    self.embedded = embedded
  }
}

extension [UInt8] {
  /// Avoids the reference counting of `append(contentsOf:)` with an array.
  mutating func append(copying bytes: [UInt8]) {
    unsafe bytes.withUnsafeBufferPointer { unsafe append(contentsOf: $0) }
  }
}
