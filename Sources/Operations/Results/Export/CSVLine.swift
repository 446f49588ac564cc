/// A result as a row of CSV (RFC 4180).
package enum CSVLine {
  package static let header =
    "bucket,key,versionId,class,probability,secondClass,secondProbability,endpoint,variant,requestId,"
    + "s3Milliseconds,endpointMilliseconds,written,eTag\n"

  static func line(_ result: StoredResult) -> String {
    let document = result.document
    let second = document.ranking.count > 1 ? document.ranking[1] : nil
    let cells: [String] = [
      text(document.image.bucket), text(document.image.key), text(document.image.versionID),
      text(document.best?.label), number(document.best?.probability), text(second?.label),
      number(second?.probability), text(document.endpoint), text(document.variant),
      text(document.requestID), document.s3Milliseconds.map(String.init) ?? "",
      document.endpointMilliseconds.map(String.init) ?? "",
      UTCTime.text(unixMilliseconds: result.writtenUnixMilliseconds), text(document.eTag),
    ]
    return cells.joined(separator: ",") + "\n"
  }

  /// A text that a spreadsheet would run as a formula gets an apostrophe in front, which is also put in front of one
  /// that is there: removing one apostrophe restores the text.
  /// Source: https://owasp.org/www-community/attacks/CSV_Injection
  package static func text(_ text: String?) -> String {
    guard let text, let first = text.unicodeScalars.first else { return "" }
    return cell(formulaStarts.contains(first) ? "'" + text : text)
  }

  /// A text as it is.
  package static func cell(_ text: String) -> String {
    let needsQuotes = text.utf8.contains { byte in
      byte == UInt8(ascii: ",") || byte == UInt8(ascii: "\"") || byte == UInt8(ascii: "\n")
        || byte == UInt8(ascii: "\r")
    }
    guard needsQuotes else { return text }
    var quoted: [UInt8] = [UInt8(ascii: "\"")]
    for byte in text.utf8 {
      if byte == UInt8(ascii: "\"") { quoted.append(byte) }
      quoted.append(byte)
    }
    quoted.append(UInt8(ascii: "\""))
    return String(decoding: quoted, as: UTF8.self)
  }

  private static func number(_ value: Double?) -> String { value.map { "\($0)" } ?? "" }

  private static let formulaStarts: Set<Unicode.Scalar> = ["=", "+", "-", "@", "\t", "\r", "'"]
}
