import Archives
import Foundation

/// The bytes of a trace as CSV, whatever the file was: gzip is unpacked, JSON and access logs become rows.
struct TraceText {
  var bytes: [UInt8]
  /// What the file was, for a notice; nil for CSV.
  var kind: String?
  /// How rows are called and counted in messages.
  var rows = RowNumbering()
  /// What the file itself says of its columns.
  var format: TraceFormat

  struct RowNumbering {
    var word = "line"
    /// Rows that the conversion put in front.
    var offset = 0
  }

  /// More than this is not unpacked.
  private static let mostBytes = 1 << 30

  init(_ data: Data, _ format: TraceFormat) throws(TraceError) {
    self.format = format
    bytes = [UInt8](data)
    if bytes.starts(with: [0x1F, 0x8B]) { bytes = try Self.unpacked(bytes) }
    if let problem = Self.foreignFormat(bytes) { throw .notText(problem) }
    guard
      let first = bytes.first(where: { !Self.isSpace($0) && $0 != 0xEF && $0 != 0xBB && $0 != 0xBF }
      )
    else { return }
    if first == UInt8(ascii: "{") || first == UInt8(ascii: "[") {
      try readJSON()
    } else if AccessLog.isOne(bytes) {
      kind = "a load balancer's access log"
      (bytes, rows.offset) = (AccessLog.times(bytes), 1)
      self.format = TraceFormat(column: "1", skipsBadRows: format.skipsBadRows)
    }
  }

  static func isSpace(_ byte: UInt8) -> Bool {
    byte == UInt8(ascii: " ") || (9...13).contains(byte)
  }

  private static func unpacked(_ packed: [UInt8]) throws(TraceError) -> [UInt8] {
    var bytes: [UInt8] = []
    var isTooLong = false
    do {
      try Gzip.decompress(packed) { piece in
        isTooLong = bytes.count + piece.count > mostBytes
        if !isTooLong { bytes += piece }
        return !isTooLong
      }
    } catch {
      throw .notText("gzip: \(error)")
    }
    if isTooLong { throw .notText("it unpacks to more than \(mostBytes >> 20) MiB: split it") }
    return bytes
  }

  /// Formats that are not text; nil for what may be.
  private static func foreignFormat(_ bytes: [UInt8]) -> String? {
    let signs: [([UInt8], String)] = [
      (Array("PK".utf8) + [3, 4], "it is a ZIP archive or a spreadsheet: save it as CSV"),
      (Array("PAR1".utf8), "it is a Parquet file: export it as CSV"),
      ([0x28, 0xB5, 0x2F, 0xFD], "it is packed with zstd: unpack it first"),
      (Array("BZh".utf8), "it is packed with bzip2: unpack it first"),
      ([0xFD] + Array("7zXZ".utf8), "it is packed with xz: unpack it first"),
      ([0xFF, 0xFE], "it is UTF-16: save it as UTF-8"),
      ([0xFE, 0xFF], "it is UTF-16: save it as UTF-8"),
      (Array("<".utf8), "it is HTML or XML: export it as CSV"),
    ]
    if let sign = signs.first(where: { bytes.starts(with: $0.0) }) { return sign.1 }
    return bytes.prefix(1 << 16).contains(0) ? "it is not a text file" : nil
  }
}

/// Access logs of Application and Classic Load Balancers: fields between spaces, some in quotes.
///
/// Source: <https://docs.aws.amazon.com/elasticloadbalancing/latest/application/load-balancer-access-logs.html>. The
/// arrival is `request_creation_time`, field 22; `time` is when the answer was sent.
enum AccessLog {
  private static let types: Set<String> = ["http", "https", "h2", "grpcs", "ws", "wss"]
  private static let creationField = 21

  static func isOne(_ bytes: [UInt8]) -> Bool {
    let line = bytes.prefix(4096).prefix { $0 != UInt8(ascii: "\n") }
    let fields = fields(Array(line)[...])
    guard fields.count >= 12 else { return false }
    return types.contains(fields[0]) && isDate(fields[1])
      || isDate(fields[0]) && fields[2].contains(":")
  }

  private static func isDate(_ text: String) -> Bool {
    var text = text
    return text.withUTF8 { ISODate.microseconds($0) != nil }
  }

  /// A header and a time for each line; an empty field where a line has none.
  static func times(_ bytes: [UInt8]) -> [UInt8] {
    var result = Array("time\n".utf8)
    for line in bytes.split(separator: UInt8(ascii: "\n"), omittingEmptySubsequences: false) {
      let fields = fields(line)
      if fields.isEmpty {
        result.append(UInt8(ascii: "\n"))
        continue
      }
      let isApplication = types.contains(fields[0])
      let creation = fields.count > creationField ? fields[creationField] : ""
      let time =
        isApplication
        ? (isDate(creation) ? creation : fields.count > 1 ? fields[1] : "?") : fields[0]
      result += Array("\(time.contains("\"") ? "?" : time)\n".utf8)
    }
    return result
  }

  private static func fields(_ line: ArraySlice<UInt8>) -> [String] {
    var fields: [String] = []
    var field: [UInt8] = []
    var isQuoted = false
    for byte in line where byte != UInt8(ascii: "\r") {
      if byte == UInt8(ascii: "\"") {
        isQuoted.toggle()
      } else if byte == UInt8(ascii: " "), !isQuoted {
        fields.append(String(decoding: field, as: UTF8.self))
        field = []
        if fields.count > creationField + 1 { return fields }
      } else {
        field.append(byte)
      }
    }
    if !field.isEmpty || !fields.isEmpty { fields.append(String(decoding: field, as: UTF8.self)) }
    return fields
  }
}
