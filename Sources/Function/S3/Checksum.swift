import AWSClient

extension AWSErrorCode {
  /// Found by this library: the received bytes do not match S3's checksum.
  public static let checksumMismatch = Self(rawValue: "ChecksumMismatch")
}

/// The checksums that S3 sends when it is asked with `x-amz-checksum-mode: ENABLED`.
/// Source: https://docs.aws.amazon.com/AmazonS3/latest/userguide/checking-object-integrity.html
enum Checksum: String, CaseIterable {
  case crc64NVME = "x-amz-checksum-crc64nvme"
  case crc32 = "x-amz-checksum-crc32"
  case crc32C = "x-amz-checksum-crc32c"
  case sha256 = "x-amz-checksum-sha256"
  case sha1 = "x-amz-checksum-sha1"

  var bitCount: Int {
    switch self {
    case .crc64NVME: 64
    case .crc32, .crc32C: 32
    case .sha256: 256
    case .sha1: 160
    }
  }

  /// The checksum of some bytes as S3 writes it, in base64.
  func text(of bytes: [UInt8]) -> String {
    var running = RunningChecksum(self)
    unsafe bytes.withUnsafeBytes { unsafe running.take($0) }
    return running.text
  }
}
