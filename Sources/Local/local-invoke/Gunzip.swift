import CZlib

/// Decompresses gzip streams.
enum Gunzip {
  private static let maximumBytes = 64 << 20

  /// Nil when the stream is damaged, truncated, or larger than 64 MiB.
  static func decompress(_ compressed: [UInt8]) -> [UInt8]? {
    var stream = z_stream()
    // Adding 16 to the largest window accepts only gzip.
    guard
      inflateInit2_(&stream, MAX_WBITS + 16, ZLIB_VERSION, Int32(MemoryLayout<z_stream>.size))
        == Z_OK
    else { return nil }
    defer { inflateEnd(&stream) }
    var input = compressed
    var output: [UInt8] = []
    var chunk = [UInt8](repeating: 0, count: 65_536)
    return input.withUnsafeMutableBufferPointer { input in
      stream.next_in = input.baseAddress
      stream.avail_in = UInt32(input.count)
      while output.count <= maximumBytes {
        let status = chunk.withUnsafeMutableBufferPointer { chunk in
          stream.next_out = chunk.baseAddress
          stream.avail_out = UInt32(chunk.count)
          return inflate(&stream, Z_NO_FLUSH)
        }
        output += chunk.prefix(chunk.count - Int(stream.avail_out))
        if status == Z_STREAM_END { return output }
        if status != Z_OK { return nil }
      }
      return nil
    }
  }
}
