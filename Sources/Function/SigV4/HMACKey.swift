/// A padded key for HMAC-SHA-256 (RFC 2104).
///
/// Implemented on top of the digest, because OpenSSL 3's `HMAC()` looks up the algorithm twice per
/// call: 1.9 µs instead of 0.4 µs.
struct HMACKey {
  private static let blockByteCount = 64

  private let inner: [UInt8]
  private let outer: [UInt8]

  init(_ key: [UInt8], using hasher: SHA256.Context) {
    var block = key
    if key.count > Self.blockByteCount {
      hasher.reset()
      hasher.update(key)
      block = hasher.finish()
    }
    block.append(contentsOf: repeatElement(0, count: Self.blockByteCount - block.count))
    inner = block.map { $0 ^ 0x36 }
    outer = block.map { $0 ^ 0x5C }
  }

  /// Writes the 32 bytes of the code to `digest`, which must have that length.
  func authenticate(_ message: [UInt8], using hasher: SHA256.Context, into digest: inout [UInt8]) {
    hasher.reset()
    hasher.update(inner)
    hasher.update(message)
    hasher.finish(into: &digest)
    hasher.reset()
    hasher.update(outer)
    hasher.update(digest)
    hasher.finish(into: &digest)
  }

  func authenticate(_ message: [UInt8], using hasher: SHA256.Context) -> [UInt8] {
    var digest = [UInt8](repeating: 0, count: SHA256.byteCount)
    authenticate(message, using: hasher, into: &digest)
    return digest
  }
}
