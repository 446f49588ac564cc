import CLibcrypto
import Foundation

/// A checksum that S3 verifies on upload and stores with the object.
///
/// Source: https://docs.aws.amazon.com/AmazonS3/latest/userguide/checking-object-integrity.html
enum ChecksumAlgorithm: String, CaseIterable, Sendable {
  case crc32, crc32c, crc64nvme, sha1, sha256

  /// The header of the checksum.
  var header: String { "x-amz-checksum-\(rawValue)" }

  var byteCount: Int {
    switch self {
    case .crc32, .crc32c: 4
    case .crc64nvme: 8
    case .sha1: 20
    case .sha256: 32
    }
  }

  /// The header value: big-endian, base64.
  func base64(_ bytes: [UInt8]) -> String {
    Data(digest(bytes)).base64EncodedString()
  }

  private func digest(_ bytes: [UInt8]) -> [UInt8] {
    switch self {
    case .crc32: bigEndian(ReflectedCRC.crc32.checksum(bytes))
    case .crc32c: bigEndian(ReflectedCRC.crc32C.checksum(bytes))
    case .crc64nvme: bigEndian(ReflectedCRC.crc64NVME.checksum(bytes))
    case .sha1: messageDigest(bytes, EVP_sha1())
    case .sha256: messageDigest(bytes, EVP_sha256())
    }
  }

  private func bigEndian(_ value: UInt64) -> [UInt8] {
    withUnsafeBytes(of: value.bigEndian) { Array($0.suffix(byteCount)) }
  }
}

/// A digest computed by libcrypto.
func messageDigest(_ bytes: [UInt8], _ type: OpaquePointer?) -> [UInt8] {
  var digest = [UInt8](repeating: 0, count: Int(EVP_MAX_MD_SIZE))
  var count: UInt32 = 0
  EVP_Digest(bytes, bytes.count, &digest, &count, type, nil)
  return Array(digest.prefix(Int(count)))
}
