import Archives
import Foundation

/// The bytes of a trace as CSV, whatever the file was: gzip is unpacked, JSON and access logs become rows.
struct TraceText {
  var bytes: [UInt8]
  /// What the file was, for a notice; nil for CSV.
  var kind: String?
  /// How rows are called and counted in messages.
  var rows = RowNumbering()
  /// Whether the columns have names of the file's own, not of the conversion.
  var hasOwnNames = true
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
    if first == UInt8(ascii: "{") || first == UInt8(ascii: "[") && !AccessLog.beginsWithDate(bytes)
    {
      try readJSON()
    } else if let log = AccessLog(bytes) {
      kind = log.name
      (bytes, rows.offset) = (log.times(bytes), 1)
      hasOwnNames = false
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

/// Access logs: those of Application and Classic Load Balancers, with fields between spaces, some in quotes; and those
/// in the common format of nginx and Apache, whose date is in brackets.
///
/// Source of the former:
/// <https://docs.aws.amazon.com/elasticloadbalancing/latest/application/load-balancer-access-logs.html>. The
/// arrival is `request_creation_time`, field 22; `time` is when the answer was sent.
enum AccessLog {
  case loadBalancer, common

  private static let types: Set<String> = ["http", "https", "h2", "grpcs", "ws", "wss"]
  private static let creationField = 21

  /// What the first line is of; nil for anything else.
  init?(_ bytes: [UInt8]) {
    let line = bytes.prefix(4096).prefix { $0 != UInt8(ascii: "\n") }
    if Self.dateInBrackets(line) != nil {
      self = .common
      return
    }
    let fields = Self.fields(line)
    guard fields.count >= 12,
      Self.types.contains(fields[0]) && Self.isDate(fields[1])
        || Self.isDate(fields[0]) && fields[2].contains(":")
    else { return nil }
    self = .loadBalancer
  }

  /// Whether the first character is the bracket of a date, not of a JSON array.
  static func beginsWithDate(_ bytes: [UInt8]) -> Bool {
    dateInBrackets(bytes.prefix("[22/Nov/2026:18:15:46 +0100]".utf8.count)) != nil
  }

  /// For a notice.
  var name: String {
    switch self {
    case .loadBalancer: "a load balancer's access log"
    case .common: "an access log in the common format of nginx and Apache"
    }
  }

  /// `22/Nov/2026:18:15:46 +0100` of the first brackets that have such a date.
  private static func dateInBrackets(_ line: ArraySlice<UInt8>) -> String? {
    let length = "22/Nov/2026:18:15:46 +0100".utf8.count
    for start in line.indices where line[start] == UInt8(ascii: "[") {
      let end = start + 1 + length
      guard end < line.endIndex, line[end] == UInt8(ascii: "]") else { continue }
      let text = String(decoding: line[start + 1..<end], as: UTF8.self)
      if text.utf8.contains(UInt8(ascii: "/")), isDate(text) { return text }
    }
    return nil
  }

  private static func isDate(_ text: String) -> Bool {
    var text = text
    return text.withUTF8 { ISODate.microseconds($0) != nil }
  }

  /// A header and a time for each line; an empty field where a line has none.
  func times(_ bytes: [UInt8]) -> [UInt8] {
    var result = Array("time\n".utf8)
    for line in bytes.split(separator: UInt8(ascii: "\n"), omittingEmptySubsequences: false) {
      let isEmpty = line.allSatisfy(TraceText.isSpace)
      let time =
        isEmpty ? "" : self == .common ? Self.dateInBrackets(line) : Self.timeOfLoadBalancer(line)
      result += Array("\(time ?? "?")\n".utf8)
    }
    return result
  }

  private static func timeOfLoadBalancer(_ line: ArraySlice<UInt8>) -> String? {
    let fields = fields(line)
    guard let first = fields.first else { return nil }
    var time: String? = first
    if types.contains(first) {
      let creation = fields.count > creationField ? fields[creationField] : ""
      time = isDate(creation) ? creation : fields.dropFirst().first
    }
    return time.flatMap { $0.contains("\"") ? nil : $0 }
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
