/// A string that is escaped once and then written often, such as the name of a class or of a member.
///
/// A class, so that an answer that takes it from a list counts one reference and not one for each property.
public final class JSONString: Sendable {
  /// The string itself.
  public let text: String
  /// In quotes, as it stands in a document.
  let quoted: [UInt8]
  /// The same in a document that is itself a string of another one.
  let embedded: [UInt8]

  /// Escapes a string.
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
  /// Spares the reference counts of appending an array, which takes possession of it.
  mutating func append(copying bytes: [UInt8]) {
    unsafe bytes.withUnsafeBufferPointer { unsafe append(contentsOf: $0) }
  }
}
