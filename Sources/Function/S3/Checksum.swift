import AWSClient
import CLibcrypto
import CZlib
import HTTPClient
import Platform

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

  /// Verifies every checksum that came with a response.
  ///
  /// A composite one (of the parts of a multipart upload, `…-3`) does not cover the whole object; it is
  /// skipped with a debug line.
  ///
  /// - Returns: an error when one does not match.
  static func mismatch(in response: HTTPResponse, operation: String, log: Log) -> AWSError? {
    let isComposite = response.headers["x-amz-checksum-type"] == "COMPOSITE"
    for checksum in allCases {
      guard let expected = response.headers[checksum.rawValue] else { continue }
      if isComposite || expected.contains("-") {
        log.debug("\(operation): \(checksum.rawValue) is composite and was not checked")
        continue
      }
      let actual = checksum.text(of: response.body)
      guard actual == expected else {
        return AWSError(
          operation: operation, service: AWSService.s3.displayName, code: .checksumMismatch,
          detail:
            "\(checksum.rawValue) is \(expected.prefix(64)), the received bytes have \(actual)",
          status: response.status, requestID: response.headers["x-amz-request-id"], verdict: .once)
      }
    }
    return nil
  }

  /// The checksum of some bytes as S3 writes it, in base64.
  func text(of bytes: [UInt8]) -> String {
    String(decoding: Base64.encode(value(of: bytes)), as: UTF8.self)
  }

  /// The checksum of some bytes, most significant byte first.
  func value(of bytes: [UInt8]) -> [UInt8] {
    switch self {
    case .crc64NVME: bigEndian(CyclicRedundancyCheck.crc64NVME.checksum(of: bytes), byteCount: 8)
    case .crc32C: bigEndian(CyclicRedundancyCheck.crc32C.checksum(of: bytes), byteCount: 4)
    case .crc32: bigEndian(Self.crc32(bytes), byteCount: 4)
    case .sha1: unsafe Self.digest(bytes, EVP_sha1(), byteCount: 20)
    case .sha256: unsafe Self.digest(bytes, EVP_sha256(), byteCount: 32)
    }
  }

  private static func crc32(_ bytes: [UInt8]) -> UInt64 {
    let value = unsafe bytes.withUnsafeBytes { input in
      guard let (block, rest) = unsafe ChecksumFolding.crc32.shortened(input) else {
        return unsafe zlibCRC32(input, after: 0)
      }
      // zlib inverts a value before and after: to it, all ones are the zero that the block goes on from.
      let value = unsafe block.withUnsafeBytes { unsafe zlibCRC32($0, after: 0xFFFF_FFFF) }
      return unsafe zlibCRC32(rest, after: value)
    }
    return UInt64(value)
  }

  private static func zlibCRC32(_ bytes: UnsafeRawBufferPointer, after value: UInt) -> UInt {
    unsafe crc32_z(value, bytes.bindMemory(to: UInt8.self).baseAddress, bytes.count)
  }

  private static func digest(
    _ bytes: [UInt8], _ algorithm: OpaquePointer?, byteCount: Int
  ) -> [UInt8] {
    var digest = [UInt8](repeating: 0, count: byteCount)
    let done = unsafe bytes.withUnsafeBytes { input in
      unsafe digest.withUnsafeMutableBufferPointer { output in
        unsafe EVP_Digest(
          input.baseAddress, input.count, output.baseAddress, nil, algorithm, nil)
      }
    }
    // An empty digest equals no checksum, so a failure of libcrypto is a mismatch, never a match.
    return done == 1 ? digest : []
  }

  private func bigEndian(_ value: UInt64, byteCount: Int) -> [UInt8] {
    (0..<byteCount).map { UInt8(truncatingIfNeeded: value >> (8 * (byteCount - 1 - $0))) }
  }
}
