import CLibcrypto
import CZlib
import Platform

/// A checksum of bytes that come in parts.
struct RunningChecksum {
  let checksum: Checksum
  /// Of a cyclic redundancy check, before the final inversion.
  private var value: UInt64
  private let digest: MessageDigest?

  init(_ checksum: Checksum) {
    self.checksum = checksum
    value = .max >> UInt64(64 - min(64, checksum.bitCount))
    digest =
      switch checksum {
      case .sha1: unsafe MessageDigest(EVP_sha1(), byteCount: checksum.bitCount / 8)
      case .sha256: unsafe MessageDigest(EVP_sha256(), byteCount: checksum.bitCount / 8)
      case .crc32, .crc32C, .crc64NVME: nil
      }
  }

  mutating func take(_ bytes: UnsafeRawBufferPointer) {
    switch checksum {
    case .crc64NVME: value = unsafe CyclicRedundancyCheck.crc64NVME.value(value, after: bytes)
    case .crc32C: value = unsafe CyclicRedundancyCheck.crc32C.value(value, after: bytes)
    case .crc32: value = unsafe Self.crc32(value, after: bytes)
    case .sha1, .sha256: unsafe digest?.take(bytes)
    }
  }

  /// The checksum of all bytes as S3 writes it, in base64. No more bytes can be taken then.
  var text: String { String(decoding: Base64.encode(bytes), as: UTF8.self) }

  var bytes: [UInt8] { digest?.finish() ?? bigEndianValue }

  private var bigEndianValue: [UInt8] {
    (1...checksum.bitCount / 8).map {
      UInt8(truncatingIfNeeded: ~value >> UInt64(checksum.bitCount - 8 * $0))
    }
  }

  /// zlib inverts a value before and after.
  private static func crc32(_ value: UInt64, after bytes: UnsafeRawBufferPointer) -> UInt64 {
    guard let (block, rest) = unsafe ChecksumFolding.crc32.shortened(bytes, after: value) else {
      return unsafe UInt64(zlibCRC32(bytes, after: UInt(value) ^ 0xFFFF_FFFF)) ^ 0xFFFF_FFFF
    }
    let folded = unsafe block.withUnsafeBytes { unsafe zlibCRC32($0, after: 0xFFFF_FFFF) }
    return unsafe UInt64(zlibCRC32(rest, after: folded)) ^ 0xFFFF_FFFF
  }

  private static func zlibCRC32(_ bytes: UnsafeRawBufferPointer, after value: UInt) -> UInt {
    unsafe crc32_z(value, bytes.bindMemory(to: UInt8.self).baseAddress, bytes.count)
  }
}

/// The owner of libcrypto's state of one digest.
@safe private final class MessageDigest {
  private let context: OpaquePointer?
  private let byteCount: Int
  private var isValid: Bool

  init(_ algorithm: OpaquePointer?, byteCount: Int) {
    unsafe context = EVP_MD_CTX_new()
    self.byteCount = byteCount
    isValid = unsafe EVP_DigestInit_ex(context, algorithm, nil) == 1
  }

  deinit { unsafe EVP_MD_CTX_free(context) }

  func take(_ bytes: UnsafeRawBufferPointer) {
    isValid = unsafe isValid && EVP_DigestUpdate(context, bytes.baseAddress, bytes.count) == 1
  }

  /// An empty digest equals no checksum, so a failure of libcrypto is a mismatch, never a match.
  func finish() -> [UInt8] {
    guard isValid else { return [] }
    isValid = false
    return unsafe [UInt8](unsafeUninitializedCapacity: byteCount) { buffer, count in
      count = unsafe EVP_DigestFinal_ex(context, buffer.baseAddress, nil) == 1 ? byteCount : 0
    }
  }
}
