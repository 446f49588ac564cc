import Platform

/// The header fields of a response, kept as the bytes that came and looked up when asked.
///
/// A response has a dozen fields of which one or two are read, so nothing is copied until then.
public struct HTTPHeaders: Sendable, Equatable {
  /// Field lines as received, without the status line, each behind its length in four bytes.
  private var lines: [UInt8] = []

  private static let lengthBytes = 4

  /// No fields.
  public init() {}

  /// The given fields, for tests.
  public init(_ fields: [(name: String, value: String)]) {
    for (name, value) in fields { append(line: Array("\(name): \(value)\r\n".utf8)[...]) }
  }

  mutating func append(line: ArraySlice<UInt8>) {
    unsafe line.withUnsafeBytes { unsafe append(line: $0) }
  }

  mutating func append(line: UnsafeRawBufferPointer) {
    lines.append(addingCapacity: Self.lengthBytes + line.count) { output in
      unsafe output.withUnsafeMutableBufferPointer { buffer, count in
        let output = unsafe UnsafeMutableRawBufferPointer(
          rebasing: UnsafeMutableRawBufferPointer(buffer)[count...])
        unsafe output.storeBytes(of: UInt32(line.count), as: UInt32.self)
        unsafe UnsafeMutableRawBufferPointer(rebasing: output[Self.lengthBytes...]).copyMemory(
          from: line)
        count += Self.lengthBytes + line.count
      }
    }
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
    var name = name
    let range = name.withUTF8 { name in
      unsafe lines.withUnsafeBufferPointer { unsafe Self.range(of: name, in: $0) }
    }
    return range.map { lines[$0] }
  }

  /// Where the value of the first field of this name stands.
  private static func range(
    of name: UnsafeBufferPointer<UInt8>, in bytes: UnsafeBufferPointer<UInt8>
  ) -> Range<Int>? {
    let text = UnsafeRawBufferPointer(bytes)
    var start = lengthBytes
    while start < text.count {
      let length = unsafe Int(
        text.loadUnaligned(fromByteOffset: start - lengthBytes, as: UInt32.self))
      // Most names have another length: the colon is not behind it.
      if unsafe length > name.count && text[start + name.count] == UInt8(ascii: ":"),
        case let line = unsafe UnsafeRawBufferPointer(rebasing: text[start..<start + length]),
        unsafe isField(line, named: name)
      {
        var (first, end) = (name.count + 1, length)
        while unsafe first < end && isSpace(line[first]) { first += 1 }
        while unsafe first < end && isSpace(line[end - 1]) { end -= 1 }
        return start + first..<start + end
      }
      start += length + lengthBytes
    }
    return nil
  }

  private static func isField(
    _ line: UnsafeRawBufferPointer, named name: UnsafeBufferPointer<UInt8>
  ) -> Bool {
    for index in name.indices
    where unsafe line[index] != name[index]
      && lowercase(line[index]) != lowercase(name[index])
    {
      return false
    }
    return true
  }

  private static func lowercase(_ byte: UInt8) -> UInt8 {
    (0x41...0x5A).contains(byte) ? byte | 0x20 : byte
  }

  private static func isSpace(_ byte: UInt8) -> Bool {
    byte == 0x20 || byte == 0x09 || byte == 0x0D || byte == 0x0A
  }
}

extension String {
  /// Whether a byte stands in it.
  func holds(_ byte: UInt8) -> Bool {
    var copy = self
    return copy.withUTF8 { unsafe UnsafeRawBufferPointer($0).firstIndex(ofByte: byte) != nil }
  }
}

extension [UInt8] {
  /// Whether a byte stands in it.
  func holds(_ byte: UInt8) -> Bool {
    unsafe withUnsafeBytes { unsafe $0.firstIndex(ofByte: byte) != nil }
  }
}

extension UnsafeRawBufferPointer {
  /// Whether a byte stands in it.
  func holds(_ byte: UInt8) -> Bool { unsafe firstIndex(ofByte: byte) != nil }
}
