/// Strings that are escaped once and written often, such as the names of a model's classes: each form in one piece of
/// memory, so that writing one counts no references.
public final class JSONStrings: Sendable {
  public let texts: [String]
  /// The escaped strings, in quotes.
  let quoted: Pieces
  /// The same, escaped again for a document that is embedded as a string in another one.
  let embedded: Pieces

  /// Texts behind one another.
  struct Pieces {
    fileprivate(set) var bytes: [UInt8] = []
    /// Where each begins, and the end of the last one.
    fileprivate(set) var starts = [0]
  }

  public init(_ texts: [String]) {
    self.texts = texts
    var (quoted, embedded) = (Pieces(), Pieces())
    for text in texts {
      let start = quoted.bytes.count
      quoted.bytes.appendQuotedJSON(text.utf8.span, comma: false, colon: false)
      embedded.bytes.appendEscapedJSON(quoted.bytes.span.extracting(start...))
      quoted.starts.append(quoted.bytes.count)
      embedded.starts.append(embedded.bytes.count)
    }
    (self.quoted, self.embedded) = (quoted, embedded)
  }
}
