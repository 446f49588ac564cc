/// The rows of a CSV file (RFC 4180: quoted fields may hold delimiters, line ends and doubled quotes), one after the
/// other, without a copy of the file. Empty lines and lines that begin with `#` are left out.
struct TraceRows {
  private let bytes: UnsafeBufferPointer<UInt8>
  private let delimiter: UInt8
  private var at: Int
  private var nextLine = 1
  /// Where the current row began, counted from 1.
  private(set) var line = 0
  /// The current row's fields, without quotes and the spaces around them.
  private(set) var fields: [Range<Int>] = []
  /// Where a quote began that the file never closes.
  private(set) var unclosedQuoteLine: Int?

  init(_ bytes: UnsafeBufferPointer<UInt8>, delimiter: UInt8) {
    self.bytes = bytes
    self.delimiter = delimiter
    // A byte-order mark, as spreadsheets write it.
    at = bytes.starts(with: [0xEF, 0xBB, 0xBF]) ? 3 : 0
  }

  /// The delimiter of the first line with data: the one of `,` `;` tab that is seen first outside of quotes.
  static func delimiter(of bytes: UnsafeBufferPointer<UInt8>) -> UInt8 {
    var isQuoted = false
    var isLineEmpty = true
    var isComment = false
    for byte in bytes {
      switch byte {
      case UInt8(ascii: "\n"):
        if !isLineEmpty, !isComment, !isQuoted { return UInt8(ascii: ",") }
        (isLineEmpty, isComment) = (true, false)
        continue
      case UInt8(ascii: "#") where isLineEmpty: isComment = true
      case UInt8(ascii: "\""): isQuoted.toggle()
      case UInt8(ascii: ","), UInt8(ascii: ";"), UInt8(ascii: "\t"):
        if !isQuoted, !isComment { return byte }
      default: break
      }
      isLineEmpty = false
    }
    return UInt8(ascii: ",")
  }

  /// Whether the last call of ``next()`` found a row.
  private(set) var isAtRow = false

  /// Moves to the next row; false at the end.
  mutating func next() -> Bool {
    isAtRow = findRow()
    return isAtRow
  }

  private mutating func findRow() -> Bool {
    while at < bytes.count {
      line = nextLine
      if bytes[at] == UInt8(ascii: "#") {
        skipLine()
        continue
      }
      readRow()
      if fields.count > 1 || !(fields.first?.isEmpty ?? true) { return true }
    }
    return false
  }

  private mutating func skipLine() {
    while at < bytes.count, bytes[at] != UInt8(ascii: "\n") { at += 1 }
    at += 1
    nextLine += 1
  }

  private mutating func readRow() {
    fields.removeAll(keepingCapacity: true)
    while true {
      readField()
      guard at < bytes.count else { return }
      let byte = bytes[at]
      at += 1
      if byte == UInt8(ascii: "\n") {
        nextLine += 1
        return
      }
    }
  }

  /// Up to the delimiter or line end behind it.
  private mutating func readField() {
    while at < bytes.count, Self.isSpace(bytes[at]), bytes[at] != delimiter { at += 1 }
    var range = at..<at
    if at < bytes.count, bytes[at] == UInt8(ascii: "\"") {
      range = quoted()
    } else {
      range = at..<at
    }
    let isQuoted = at > range.lowerBound
    while at < bytes.count, bytes[at] != delimiter, bytes[at] != UInt8(ascii: "\n") { at += 1 }
    if !isQuoted {
      var end = at
      while end > range.lowerBound, Self.isSpace(bytes[end - 1]) { end -= 1 }
      range = range.lowerBound..<end
    }
    fields.append(range)
  }

  /// Behind the closing quote, or at the end of the file when there is none.
  private mutating func quoted() -> Range<Int> {
    at += 1
    let start = at
    let startLine = nextLine
    while at < bytes.count {
      if bytes[at] == UInt8(ascii: "\"") {
        guard at + 1 < bytes.count, bytes[at + 1] == UInt8(ascii: "\"") else { break }
        at += 1
      }
      if bytes[at] == UInt8(ascii: "\n") { nextLine += 1 }
      at += 1
    }
    let end = at
    if at == bytes.count { unclosedQuoteLine = startLine }
    at = min(bytes.count, at + 1)
    return start..<end
  }

  private static func isSpace(_ byte: UInt8) -> Bool {
    byte == UInt8(ascii: " ") || byte == UInt8(ascii: "\r") || byte == UInt8(ascii: "\t")
  }

  /// A field's bytes; none when the row has no such field.
  func field(_ index: Int) -> UnsafeBufferPointer<UInt8>? {
    fields.indices.contains(index) ? UnsafeBufferPointer(rebasing: bytes[fields[index]]) : nil
  }

  /// A field as text, shortened to `limit` characters, for messages.
  func text(_ index: Int, atMost limit: Int = 40) -> String {
    guard let field = field(index) else { return "" }
    let text = String(decoding: field.prefix(limit * 4), as: UTF8.self)
    return text.count > limit ? text.prefix(limit) + "…" : text
  }
}
