import Platform

/// Where the bytes of a response come from.
protocol ByteSource: AnyObject {
  /// Waits for bytes.
  ///
  /// - Returns: their number, at least 1 and at most the size of the buffer; 0 at the end of the connection.
  func receive(into buffer: UnsafeMutableRawBufferPointer) throws(RuntimeAPIError) -> Int
}

/// A response of any status, with a complete body.
struct RuntimeResponse {
  let head: ResponseHead
  /// Empty when the body of an error is longer than the limit.
  let body: [UInt8]
  /// Whether the connection can be used again.
  let leavesConnection: Bool

  var status: Int { head.status }
}

/// Reads HTTP/1.1 responses, one after the other, from a source that splits them anywhere: RFC 9112.
///
/// The head and the first bytes of a body, usually all of it, are received into one buffer, the rest of a long body
/// to where it stays.
@safe final class ResponseReader {
  /// The status line and all fields. Lambda's longest field, the client context, has 3.5 KB.
  static let maximumHeadBytes = 65_536
  private static let initialBytes = 16_384

  private var memory = UnsafeMutableRawBufferPointer.allocate(
    byteCount: initialBytes, alignment: 16)
  /// What has been received and not yet read.
  var (start, end) = (0, 0)

  deinit { unsafe memory.deallocate() }

  var unread: UnsafeRawBufferPointer {
    unsafe UnsafeRawBufferPointer(rebasing: memory[start..<end])
  }

  /// Forgets what belongs to an earlier connection.
  func discard() { (start, end) = (0, 0) }

  /// Reads one response; interim ones (1xx) are skipped.
  ///
  /// - Parameter limitBytes: of the body of a success; a longer body of an error is not read.
  func read(
    from source: some ByteSource, limitBytes: Int
  ) throws(RuntimeAPIError) -> RuntimeResponse {
    var head = try readHead(from: source)
    while head.status < 200 { head = try readHead(from: source) }
    do {
      let framing = try head.framing()
      guard let body = try readBody(framing, of: head, from: source, limitBytes) else {
        return RuntimeResponse(head: head, body: [], leavesConnection: false)
      }
      // What follows was not requested: the server and this reader disagree about the end.
      let leavesConnection =
        head.keepsConnection && framing != .endOfConnection && start == end
      return RuntimeResponse(head: head, body: body, leavesConnection: leavesConnection)
    } catch {
      var error = error
      if head.isSuccess { error.head = head }
      throw error
    }
  }

  private func readHead(from source: some ByteSource) throws(RuntimeAPIError) -> ResponseHead {
    var scanned = 0
    while true {
      if let length = endOfHead(after: &scanned) {
        let bytes = unsafe Array(unread[..<length])
        start += length
        guard let head = ResponseHead(bytes) else { throw Self.notHTTP }
        return head
      }
      // Without a line break, it would be waited for.
      guard beginsAsHTTP else { throw Self.notHTTP }
      guard end - start < Self.maximumHeadBytes else {
        throw RuntimeAPIError(
          .malformedResponse,
          "the header of the response is longer than \(Self.maximumHeadBytes) bytes")
      }
      guard try fill(from: source) else {
        throw start == end
          ? RuntimeAPIError(.connectionLost, "the connection ended without a response")
          : RuntimeAPIError(
            .incompleteResponse, "the connection ended within the response's headers")
      }
    }
  }

  private static let notHTTP = RuntimeAPIError(.malformedResponse, "the response is not HTTP/1.1")

  /// The length of a head that is complete; nil otherwise.
  ///
  /// - Parameter scanned: how many bytes hold no empty line.
  private func endOfHead(after scanned: inout Int) -> Int? {
    let unread = unsafe unread
    while let offset = unsafe UnsafeRawBufferPointer(rebasing: unread[scanned...])
      .firstIndex(ofByte: 0x0A)
    {
      var next = scanned + offset + 1
      if unsafe next < unread.count && unread[next] == 0x0D { next += 1 }
      // The next line may be an empty one whose end is still to come.
      guard next < unread.count else { return nil }
      if unsafe unread[next] == 0x0A { return next + 1 }
      scanned = next
    }
    scanned = unread.count
    return nil
  }

  /// Whether the beginning of a head is one, as far as it has come.
  private var beginsAsHTTP: Bool {
    let version: StaticString = "HTTP/"
    let count = min(end - start, version.utf8CodeUnitCount)
    return (0..<count).allSatisfy { unsafe memory[start + $0] == version.utf8Start[$0] }
  }

  /// Receives more; what is unread stays in one piece. False at the end of the connection.
  func fill(from source: some ByteSource) throws(RuntimeAPIError) -> Bool {
    if start == end {
      discard()
    } else if unsafe end == memory.count {
      makeRoom()
    }
    let count = try unsafe source.receive(
      into: UnsafeMutableRawBufferPointer(rebasing: memory[end...]))
    end += count
    return count > 0
  }

  private func makeRoom() {
    let bytes = unsafe unread
    if unsafe bytes.count < memory.count / 2 {
      unsafe memory.copyMemory(from: bytes)
    } else {
      let larger = unsafe UnsafeMutableRawBufferPointer.allocate(
        byteCount: 2 * memory.count, alignment: 16)
      unsafe larger.copyMemory(from: bytes)
      unsafe memory.deallocate()
      unsafe memory = larger
    }
    (start, end) = (0, bytes.count)
  }
}
