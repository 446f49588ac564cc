import Platform

extension ResponseReader {
  /// - Returns: nil when the body of an error is longer than the limit.
  func readBody(
    _ framing: ResponseHead.Framing, of head: ResponseHead, from source: some ByteSource,
    _ limitBytes: Int
  ) throws(RuntimeAPIError) -> [UInt8]? {
    let body: [UInt8]?
    switch framing {
    case .length(let length):
      body = length <= limitBytes ? try readBytes(length, from: source) : nil
    case .chunked: body = try readChunks(from: source, limitBytes)
    case .endOfConnection: body = try readRest(from: source, limitBytes)
    }
    if body == nil, head.isSuccess {
      let size =
        if case .length(let length) = framing { "\(length)" } else { "more than \(limitBytes)" }
      throw RuntimeAPIError(
        .bodyTooLarge, "the response body is \(size) bytes, the limit is \(limitBytes)")
    }
    return body
  }

  private func readBytes(
    _ length: Int, from source: some ByteSource
  ) throws(RuntimeAPIError) -> [UInt8] {
    // Of an array without room, all threads share one object, whose count would be written.
    if length == 0 { return [] }
    var failure: RuntimeAPIError?
    let body = unsafe [UInt8](unsafeUninitializedCapacity: length) { target, count in
      let target = unsafe UnsafeMutableRawBufferPointer(
        rebasing: UnsafeMutableRawBufferPointer(target)[..<length])
      count = unsafe take(into: target)
      do throws(RuntimeAPIError) {
        while count < length {
          let more = try unsafe source.receive(
            into: UnsafeMutableRawBufferPointer(rebasing: target[count...]))
          guard more > 0 else {
            throw RuntimeAPIError(
              .incompleteResponse, "the connection ended after \(count) of \(length) bytes")
          }
          count += more
        }
      } catch {
        failure = error
      }
    }
    if let failure { throw failure }
    return body
  }

  /// Moves what has been received already.
  private func take(into target: UnsafeMutableRawBufferPointer) -> Int {
    let count = min(end - start, target.count)
    unsafe target.copyMemory(from: UnsafeRawBufferPointer(rebasing: unread[..<count]))
    start += count
    return count
  }

  /// - Returns: nil when the limit is exceeded.
  private func readRest(
    from source: some ByteSource, _ limitBytes: Int
  ) throws(RuntimeAPIError) -> [UInt8]? {
    var body: [UInt8] = []
    repeat {
      guard body.count + (end - start) <= limitBytes else { return nil }
      unsafe body.append(contentsOf: unread)
      start = end
    } while try fill(from: source)
    return body
  }

  /// - Returns: nil when the limit is exceeded.
  private func readChunks(
    from source: some ByteSource, _ limitBytes: Int
  ) throws(RuntimeAPIError) -> [UInt8]? {
    var body: [UInt8] = []
    while true {
      let size = try chunkSize(inLineFrom: source)
      guard size <= limitBytes - body.count else { return nil }
      if size == 0 { break }
      try append(size, to: &body, from: source)
      guard try unsafe line(from: source, { unsafe $0.isEmpty }) else { throw Self.malformedChunk }
    }
    // Trailer fields are not used.
    while try unsafe !line(from: source, { unsafe $0.isEmpty }) {}
    return body
  }

  private static let malformedChunk = RuntimeAPIError(
    .malformedResponse, "a chunk of the response is malformed")

  /// Hexadecimal, before the chunk's extensions.
  private func chunkSize(inLineFrom source: some ByteSource) throws(RuntimeAPIError) -> Int {
    let size = try unsafe line(from: source) { line -> Int? in
      let digits = unsafe line.prefix { $0 != 0x3B && $0 != 0x20 && $0 != 0x09 }
      guard unsafe 1...15 ~= digits.count else { return nil }
      var size = 0
      for index in unsafe digits.indices {
        guard let value = unsafe Self.hexadecimalValue(digits[index]) else { return nil }
        size = size << 4 | value
      }
      return size
    }
    guard let size else { throw Self.malformedChunk }
    return size
  }

  private static func hexadecimalValue(_ digit: UInt8) -> Int? {
    switch digit {
    case 0x30...0x39: Int(digit - 0x30)
    case 0x41...0x46, 0x61...0x66: Int((digit | 0x20) - 0x57)
    default: nil
    }
  }

  private func append(
    _ size: Int, to body: inout [UInt8], from source: some ByteSource
  ) throws(RuntimeAPIError) {
    var missing = size
    while true {
      let part = unsafe unread.prefix(missing)
      unsafe body.append(contentsOf: part)
      start += unsafe part.count
      missing -= unsafe part.count
      if missing == 0 { return }
      guard try fill(from: source) else { throw Self.endWithinChunks }
    }
  }

  private static let endWithinChunks = RuntimeAPIError(
    .incompleteResponse, "the connection ended before the last chunk")

  /// Reads a line, without its end.
  private func line<Value>(
    from source: some ByteSource, _ read: (UnsafeRawBufferPointer) -> Value
  ) throws(RuntimeAPIError) -> Value {
    while true {
      let unread = unsafe unread
      if let length = unsafe unread.firstIndex(ofByte: 0x0A) {
        start += length + 1
        let isCRLF = unsafe length > 0 && unread[length - 1] == 0x0D
        return unsafe read(
          UnsafeRawBufferPointer(rebasing: unread[..<(isCRLF ? length - 1 : length)]))
      }
      guard unread.count < Self.maximumHeadBytes else { throw Self.malformedChunk }
      guard try fill(from: source) else { throw Self.endWithinChunks }
    }
  }
}
