import CZlib

/// Gzip, through zlib (RFC 1952).
package enum Gzip {
  /// Compresses deterministically: no time is written.
  ///
  /// - Throws: `ArchiveError` when zlib has no memory.
  package static func compress(_ bytes: [UInt8]) throws(ArchiveError) -> [UInt8] {
    var stream = z_stream()
    // 15 bits of window, and 16 for gzip's header instead of zlib's.
    try check(
      deflateInit2_(
        &stream, 9, Z_DEFLATED, 15 + 16, 8, Z_DEFAULT_STRATEGY, ZLIB_VERSION,
        Int32(MemoryLayout<z_stream>.size)))
    defer { deflateEnd(&stream) }
    var input = bytes
    var output = [UInt8](repeating: 0, count: Int(deflateBound(&stream, UInt(bytes.count))))
    let code = input.withUnsafeMutableBufferPointer { input in
      output.withUnsafeMutableBufferPointer { output in
        stream.next_in = input.baseAddress
        stream.avail_in = UInt32(input.count)
        stream.next_out = output.baseAddress
        stream.avail_out = UInt32(output.count)
        return deflate(&stream, Z_FINISH)
      }
    }
    guard code == Z_STREAM_END else { throw ArchiveError("gzip: zlib failed with \(code)") }
    output.removeLast(Int(stream.avail_out))
    return output
  }

  /// Decompresses piece by piece, so that an archive is not in memory twice.
  ///
  /// - Parameter take: receives each piece; returns false to stop.
  /// - Throws: `ArchiveError` for data that is not gzip, damaged or truncated; what `take` throws.
  package static func decompress(
    _ bytes: [UInt8], take: (ArraySlice<UInt8>) throws -> Bool
  ) throws {
    var position = 0
    let next = {
      let end = min(bytes.count, position + (1 << 18))
      defer { position = end }
      return Array(bytes[position..<end])
    }
    try decompress(reading: next, take: take)
  }

  /// Decompresses what comes in pieces, so that an archive need not be in memory at all.
  ///
  /// - Parameters:
  ///   - next: the next piece; empty at the end.
  ///   - take: receives each piece; returns false to stop.
  /// - Throws: `ArchiveError` for data that is not gzip, damaged or truncated; what `next` and `take` throw.
  package static func decompress(
    reading next: () throws -> [UInt8], take: (ArraySlice<UInt8>) throws -> Bool
  ) throws {
    var stream = z_stream()
    try check(
      inflateInit2_(&stream, 15 + 16, ZLIB_VERSION, Int32(MemoryLayout<z_stream>.size)))
    defer { inflateEnd(&stream) }
    var piece = [UInt8](repeating: 0, count: 1 << 18)
    var chunk = try next()
    while true {
      let (code, used, made) = inflateStep(&stream, chunk, into: &piece)
      chunk.removeFirst(used)
      guard code == Z_OK || code == Z_STREAM_END || (code == Z_BUF_ERROR && made > 0) else {
        throw ArchiveError(
          code == Z_BUF_ERROR ? "it is truncated" : "it is not a gzip file, or a damaged one")
      }
      if made > 0, try !take(piece[..<made]) { return }
      if chunk.count < 2 { chunk += try next() }
      if code == Z_STREAM_END {
        // Files that were concatenated are members one after the other (RFC 1952, 2.2).
        guard chunk.starts(with: [0x1F, 0x8B]) else { return }
        try check(inflateReset(&stream))
      }
      guard used > 0 || made > 0 else { throw ArchiveError("it is truncated") }
    }
  }

  private static func inflateStep(
    _ stream: inout z_stream, _ chunk: [UInt8], into piece: inout [UInt8]
  ) -> (code: Int32, used: Int, made: Int) {
    var chunk = chunk
    return chunk.withUnsafeMutableBufferPointer { input in
      piece.withUnsafeMutableBufferPointer { output in
        stream.next_in = input.baseAddress
        stream.avail_in = UInt32(input.count)
        stream.next_out = output.baseAddress
        stream.avail_out = UInt32(output.count)
        let code = inflate(&stream, Z_NO_FLUSH)
        return (code, input.count - Int(stream.avail_in), output.count - Int(stream.avail_out))
      }
    }
  }

  private static func check(_ code: Int32) throws(ArchiveError) {
    guard code == Z_OK else { throw ArchiveError("gzip: zlib failed with \(code)") }
  }
}

/// Why an archive cannot be written or read.
package struct ArchiveError: Error, Equatable, CustomStringConvertible {
  /// What is wrong; follows the archive's name.
  package let problem: String

  package init(_ problem: String) { self.problem = problem }

  package var description: String { problem }
}
