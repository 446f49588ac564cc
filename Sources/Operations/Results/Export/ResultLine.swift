import JSON

/// A result as a line of an export: the document, and before its own members those that only the listing has.
///
///     {"resultKey":"results/photos/rex.jpg.json","written":"2026-11-23T10:00:00.000Z","endpoint":…}
package enum ResultLine {
  /// - Parameter document: JSON that was read before.
  static func line(_ result: StoredResult, _ document: [UInt8]) -> [UInt8] {
    var writer = JSONWriter(reservingCapacity: document.count + 200)
    writer.beginObject()
    writer.key("resultKey")
    writer.string(result.key)
    writer.key("written")
    writer.string(UTCTime.text(unixMilliseconds: result.writtenUnixMilliseconds))
    var line = writer.bytes
    let start = (document.firstIndex(of: UInt8(ascii: "{")) ?? -1) + 1
    let members = document[start...].drop { isWhitespace($0) }
    if members.first != UInt8(ascii: "}") { line.append(UInt8(ascii: ",")) }
    // Line breaks stand only between values, never in a string.
    for byte in members { line.append(isWhitespace(byte) ? UInt8(ascii: " ") : byte) }
    while line.last == UInt8(ascii: " ") { line.removeLast() }
    line.append(UInt8(ascii: "\n"))
    return line
  }

  /// Reads a line.
  ///
  /// - Throws: `ResultProblem`.
  static func result(_ line: [UInt8], ranking: Int) throws(ResultProblem) -> StoredResult {
    let json: NumericJSON
    do { json = try NumericJSON(parsing: line, maximumValues: 200_000) } catch {
      throw ResultProblem("is not JSON")
    }
    guard let key = json.root["resultKey"]?.text,
      let time = json.root["written"]?.text.flatMap(UTCTime.unixMilliseconds)
    else { throw ResultProblem("has no resultKey or no written") }
    return StoredResult(
      key: key, writtenUnixMilliseconds: time,
      document: try ResultDocument(json.root, ranking: ranking))
  }

  private static func isWhitespace(_ byte: UInt8) -> Bool {
    byte == 0x20 || byte == 0x0A || byte == 0x0D || byte == 0x09
  }
}
