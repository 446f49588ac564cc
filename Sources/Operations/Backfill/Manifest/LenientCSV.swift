/// CSV as S3 writes it, and as people have found it: quotation marks inside a quoted field are doubled or not, so
/// that one ends its field only in front of a comma or at the end of the line.
enum LenientCSV {
  static func fields(_ line: [UInt8]) -> [String] { read(line).fields }

  /// Whether a quoted field goes on in the next line.
  static func isOpen(_ line: [UInt8]) -> Bool { read(line).isOpen }

  private static func read(_ line: [UInt8]) -> (fields: [String], isOpen: Bool) {
    var fields: [String] = []
    var position = 0
    var isOpen = false
    repeat {
      let field: (bytes: ArraySlice<UInt8>, end: Int, isOpen: Bool) =
        position < line.count && line[position] == quote
        ? quoted(line, position + 1) : plain(line, position)
      fields.append(String(decoding: field.bytes, as: UTF8.self))
      position = field.end + 1
      isOpen = field.isOpen
    } while position <= line.count
    return (fields, isOpen)
  }

  static func quotedField(_ text: String) -> String {
    "\"" + text.replacing("\"", with: "\"\"") + "\""
  }

  private static let quote = UInt8(ascii: "\"")
  private static let comma = UInt8(ascii: ",")

  private static func plain(
    _ line: [UInt8], _ start: Int
  ) -> (bytes: ArraySlice<UInt8>, end: Int, isOpen: Bool) {
    let end = line[start...].firstIndex(of: comma) ?? line.count
    return (line[start..<end], end, false)
  }

  private static func quoted(
    _ line: [UInt8], _ start: Int
  ) -> (bytes: ArraySlice<UInt8>, end: Int, isOpen: Bool) {
    var field: [UInt8] = []
    var position = start
    while position < line.count {
      guard line[position] == quote else {
        field.append(line[position])
        position += 1
        continue
      }
      let next = position + 1
      if next == line.count || line[next] == comma { return (field[...], next, false) }
      field.append(quote)
      position = line[next] == quote ? next + 1 : next
    }
    return (field[...], line.count, true)
  }
}
