/// The canonical headers: sorted names in lower case, trimmed values, and repeated headers joined
/// by commas in their order.
///
/// The buffers are reused, so that further signatures allocate nothing.
package struct CanonicalHeaders {
  /// Never signed, because intermediaries add, drop, or change them: botocore's list
  /// (`SIGNED_HEADERS_BLACKLIST`) and the signature itself.
  static let unsigned: [[UInt8]] = [
    "authorization", "baggage", "connection", "expect", "keep-alive", "proxy-authenticate",
    "proxy-authorization", "te", "traceparent", "tracestate", "trailer", "transfer-encoding",
    "upgrade", "user-agent", "x-amzn-trace-id",
  ].map { Array($0.utf8) }
  private static let sessionToken = Array("x-amz-security-token".utf8)

  private struct Entry {
    let name: Range<Int>
    let header: Int
  }

  /// `accept;host;x-amz-date`, after `select`.
  private(set) var signedNames: [UInt8] = []
  private var names: [UInt8] = []
  private var entries: [Entry] = []

  mutating func select(from headers: [HeaderField], includingSessionToken: Bool) {
    removeAll()
    for (index, header) in headers.enumerated() {
      let start = names.count
      Self.appendLowercased(header.name.utf8.span, to: &names)
      let name = names[start...]
      if Self.isUnsigned(name) || (!includingSessionToken && name.elementsEqual(Self.sessionToken))
      {
        names.removeSubrange(start...)
      } else {
        insert(Entry(name: start..<names.count, header: index))
      }
    }
    writeSignedNames()
  }

  private static func appendLowercased(_ name: Span<UInt8>, to names: inout [UInt8]) {
    // As in PercentEncoding.
    if name.isEmpty { return }
    names.append(addingCapacity: name.count) { output in
      for index in name.indices { output.append(ASCII.lowercased(name[index])) }
    }
  }

  private static func isUnsigned(_ name: ArraySlice<UInt8>) -> Bool {
    for other in unsigned where other.count == name.count && other.elementsEqual(name) {
      return true
    }
    return false
  }

  func appendLines(of headers: [HeaderField], to output: inout [UInt8]) {
    for (index, entry) in entries.enumerated() {
      if isRepeated(index) {
        output[output.count - 1] = UInt8(ascii: ",")  // replaces the line break
      } else {
        output.append(contentsOf: names[entry.name])
        output.append(UInt8(ascii: ":"))
      }
      Self.appendTrimmed(headers[entry.header].value, to: &output)
      output.append(ASCII.newline)
    }
  }

  /// Appends a value with white space trimmed at both ends and each inner run of it, such as a
  /// folded line break, replaced by one space.
  package static func appendTrimmed(_ value: String, to output: inout [UInt8]) {
    let bytes = value.utf8.span
    if isTrimmed(bytes) {
      return unsafe bytes.withUnsafeBufferPointer { unsafe output.append(contentsOf: $0) }
    }
    let start = output.count
    var isSpacePending = false
    for index in bytes.indices {
      let byte = bytes[index]
      if ASCII.isWhitespace(byte) {
        isSpacePending = true
        continue
      }
      if isSpacePending && output.count > start { output.append(UInt8(ascii: " ")) }
      isSpacePending = false
      output.append(byte)
    }
  }

  /// Whether a value is already canonical, as nearly all are: no white space other than single
  /// inner spaces.
  private static func isTrimmed(_ bytes: Span<UInt8>) -> Bool {
    var isAfterSpace = true
    var index = 0
    while index < bytes.count {
      // Eight bytes at a time, if none is white space: a session token has a thousand.
      if unsafe bytes.withUnsafeBytes({ unsafe hasNoSpace($0, at: index) }) {
        isAfterSpace = false
        index += 8
        continue
      }
      let byte = bytes[index]
      index += 1
      // White space, and nothing else that is usual in a value, is below.
      if byte > UInt8(ascii: " ") {
        isAfterSpace = false
        continue
      }
      let isSpace = byte == UInt8(ascii: " ")
      if isSpace ? isAfterSpace : ASCII.isWhitespace(byte) { return false }
      isAfterSpace = isSpace
    }
    return !isAfterSpace
  }

  /// Whether eight bytes follow, each of which is above a space; false also for some outside of ASCII.
  @inline(__always)
  private static func hasNoSpace(_ bytes: UnsafeRawBufferPointer, at index: Int) -> Bool {
    guard index + 8 <= bytes.count else { return false }
    let word = unsafe bytes.loadUnaligned(fromByteOffset: index, as: UInt64.self)
    let ones: UInt64 = 0x0101_0101_0101_0101
    return (word | (word &- ones &* 0x21)) & (ones &* 0x80) == 0
  }

  private mutating func removeAll() {
    signedNames.removeAll(keepingCapacity: true)
    names.removeAll(keepingCapacity: true)
    entries.removeAll(keepingCapacity: true)
  }

  /// Insertion sort: a request has about ten headers, and equal names must keep their order.
  private mutating func insert(_ entry: Entry) {
    var position = entries.count
    while position > 0,
      names[entry.name].lexicographicallyPrecedes(names[entries[position - 1].name])
    {
      position -= 1
    }
    entries.insert(entry, at: position)
  }

  private func isRepeated(_ index: Int) -> Bool {
    index > 0 && names[entries[index].name] == names[entries[index - 1].name]
  }

  private mutating func writeSignedNames() {
    for (index, entry) in entries.enumerated() where !isRepeated(index) {
      if index > 0 { signedNames.append(UInt8(ascii: ";")) }
      signedNames.append(contentsOf: names[entry.name])
    }
  }
}
