/// The header fields of a response, kept as the bytes that came and looked up when asked.
///
/// A response has a dozen fields of which one or two are read, so nothing is copied until then.
public struct HTTPHeaders: Sendable {
  /// Field lines as received, each ended by a line break; no status line.
  private var lines: [UInt8] = []

  /// No fields.
  public init() {}

  /// Fields of one's own, for tests.
  public init(_ fields: [(name: String, value: String)]) {
    for (name, value) in fields { append(line: Array("\(name): \(value)\r\n".utf8)[...]) }
  }

  mutating func append(line: ArraySlice<UInt8>) {
    lines += line
  }

  mutating func append(line: UnsafeRawBufferPointer) {
    unsafe lines.append(contentsOf: line)
  }

  mutating func removeAll() {
    lines.removeAll(keepingCapacity: true)
  }

  /// The value of the first field of this name, in any case; surrounding spaces removed.
  public subscript(name: String) -> String? {
    value(of: name).map { String(decoding: $0, as: UTF8.self) }
  }

  /// The value as a number of bytes; nil when absent or not a number.
  var contentLength: Int? {
    value(of: "content-length").flatMap { Int(String(decoding: $0, as: UTF8.self)) }
  }

  private func value(of name: String) -> ArraySlice<UInt8>? {
    var start = lines.startIndex
    while start < lines.endIndex {
      let end = lines[start...].firstIndex(of: UInt8(ascii: "\n")) ?? lines.endIndex
      if let value = Self.value(of: name, in: lines[start..<end]) { return value }
      start = end + 1
    }
    return nil
  }

  private static func value(of name: String, in line: ArraySlice<UInt8>) -> ArraySlice<UInt8>? {
    let length = name.utf8.count
    guard line.count > length, line[line.startIndex + length] == UInt8(ascii: ":"),
      zip(line, name.utf8).allSatisfy({ lowercase($0) == lowercase($1) })
    else { return nil }
    var value = line.dropFirst(length + 1)
    while let first = value.first, isSpace(first) { value.removeFirst() }
    while let last = value.last, isSpace(last) { value.removeLast() }
    return value
  }

  private static func lowercase(_ byte: UInt8) -> UInt8 {
    (0x41...0x5A).contains(byte) ? byte | 0x20 : byte
  }

  private static func isSpace(_ byte: UInt8) -> Bool {
    byte == 0x20 || byte == 0x09 || byte == 0x0D
  }
}
