import CLibcurl

/// The one owner of the header list that a request is sent with: its nodes, and behind them their lines, in one piece
/// of memory.
@safe struct HeaderList: ~Copyable {
  private let memory: UnsafeMutableRawPointer?
  var pointer: UnsafeMutablePointer<curl_slist>? {
    unsafe memory?.assumingMemoryBound(to: curl_slist.self)
  }

  init() {
    unsafe memory = nil
  }

  /// - Throws: `.invalidRequest` when a header would not stay on its line.
  init(_ headers: [HTTPHeader]) throws(HTTPError) {
    // libcurl adds these two to a POST by itself. "Expect" costs a round trip of up to a second,
    // and a content type that nobody gave is wrong.
    let hasContentType = headers.contains { $0.isContentType }
    let removed = hasContentType ? ["Expect"] : ["Expect", "Content-Type"]
    let count = removed.count + headers.count
    var byteCount = unsafe count * MemoryLayout<curl_slist>.stride
    for name in removed { byteCount += name.utf8.count + Self.punctuationBytes }
    for header in headers {
      byteCount += header.name.utf8.count + header.value.utf8.count + Self.punctuationBytes
    }
    let memory = unsafe UnsafeMutableRawBufferPointer.allocate(
      byteCount: byteCount, alignment: MemoryLayout<curl_slist>.alignment)
    unsafe self.memory = memory.baseAddress
    var writer = unsafe Writer(memory: memory, count: count)
    for name in removed { unsafe writer.append(name, ":", "") }
    for header in headers {
      // A header without value must be written with a semicolon, else libcurl removes it.
      let isOnOneLine = unsafe writer.append(
        header.name, header.value.isEmpty ? ";" : ": ", header.value)
      guard isOnOneLine else {
        let name = header.name.prefix { $0 != ":" && !$0.isNewline }
        throw HTTPError(
          kind: .invalidRequest, message: "the header \(name) holds a line break or NUL character")
      }
    }
  }

  /// Of a colon, a space, and the NUL at the end.
  private static let punctuationBytes = 3

  deinit {
    unsafe memory?.deallocate()
  }
}

/// Fills the memory of a list.
@unsafe private struct Writer {
  private let memory: UnsafeMutableRawBufferPointer
  private let count: Int
  private var index = 0
  private var end: Int

  init(memory: UnsafeMutableRawBufferPointer, count: Int) {
    unsafe self.memory = unsafe memory
    unsafe self.count = count
    unsafe end = count * MemoryLayout<curl_slist>.stride
  }

  /// Returns whether the line has neither a line break nor a NUL.
  @discardableResult
  mutating func append(_ name: String, _ separator: StaticString, _ value: String) -> Bool {
    let start = unsafe end
    unsafe append(name.utf8.span)
    unsafe append(
      UnsafeRawBufferPointer(start: separator.utf8Start, count: separator.utf8CodeUnitCount))
    unsafe append(value.utf8.span)
    let line = unsafe UnsafeRawBufferPointer(rebasing: memory[start..<end])
    let isOnOneLine = unsafe !line.holds(0) && !line.holds(10) && !line.holds(13)
    unsafe memory[end] = 0
    unsafe end += 1
    let nodes = unsafe memory.assumingMemoryBound(to: curl_slist.self)
    let data = unsafe memory.baseAddress.map {
      unsafe ($0 + start).assumingMemoryBound(to: CChar.self)
    }
    let hasNext = unsafe index + 1 < count
    let next = unsafe hasNext ? nodes.baseAddress.map { unsafe $0 + index + 1 } : nil
    unsafe nodes.initializeElement(at: index, to: curl_slist(data: data, next: next))
    unsafe index += 1
    return isOnOneLine
  }

  private mutating func append(_ text: Span<UInt8>) {
    unsafe text.withUnsafeBytes { unsafe append($0) }
  }

  private mutating func append(_ text: UnsafeRawBufferPointer) {
    unsafe UnsafeMutableRawBufferPointer(rebasing: memory[end..<end + text.count])
      .copyMemory(from: text)
    unsafe end += text.count
  }
}

extension HTTPHeader {
  fileprivate var isContentType: Bool {
    let (name, other) = (name.utf8.span, "content-type".utf8.span)
    guard name.count == other.count else { return false }
    // The sixth bit makes a letter a small one, and no letter the hyphen.
    for index in name.indices where name[index] | 0x20 != other[index] { return false }
    return true
  }
}
