import CZlib

/// Compresses piece by piece, for files that are larger than the memory. Deterministic: no time is written.
package final class GzipWriter {
  /// zlib compares its address between calls.
  private let stream = UnsafeMutablePointer<z_stream>.allocate(capacity: 1)
  private let write: ([UInt8]) throws -> Void
  private var output = [UInt8](repeating: 0, count: 1 << 16)

  /// - Parameter write: receives the compressed bytes.
  /// - Throws: `ArchiveError` when zlib has no memory.
  package init(write: @escaping ([UInt8]) throws -> Void) throws(ArchiveError) {
    self.write = write
    stream.initialize(to: z_stream())
    let code = deflateInit2_(
      stream, 6, Z_DEFLATED, 15 + 16, 8, Z_DEFAULT_STRATEGY, ZLIB_VERSION,
      Int32(MemoryLayout<z_stream>.size))
    guard code == Z_OK else { throw ArchiveError("gzip: zlib failed with \(code)") }
  }

  deinit {
    deflateEnd(stream)
    stream.deallocate()
  }

  package func append(_ bytes: [UInt8]) throws { try deflate(bytes, Z_NO_FLUSH) }

  /// Writes the rest; afterwards nothing can be appended.
  package func finish() throws { try deflate([], Z_FINISH) }

  private func deflate(_ bytes: [UInt8], _ flush: Int32) throws {
    var input = bytes
    try input.withUnsafeMutableBufferPointer { input in
      stream.pointee.next_in = input.baseAddress
      stream.pointee.avail_in = UInt32(input.count)
      var isFull = true
      while isFull {
        let (code, made) = output.withUnsafeMutableBufferPointer { output in
          stream.pointee.next_out = output.baseAddress
          stream.pointee.avail_out = UInt32(output.count)
          let code = CZlib.deflate(stream, flush)
          return (code, output.count - Int(stream.pointee.avail_out))
        }
        guard code == Z_OK || code == Z_STREAM_END || code == Z_BUF_ERROR else {
          throw ArchiveError("gzip: zlib failed with \(code)")
        }
        if made > 0 { try write(Array(output[..<made])) }
        isFull = made == output.count
      }
    }
  }
}

@available(*, unavailable)
extension GzipWriter: Sendable {}
