import Foundation

/// The checksum that S3 keeps of uploads that name none (CRC-64/NVME, reflected polynomial
/// 0x9A6C9329AC4BC9B5).
///
/// Eight tables: eight bytes a step, so that a photograph takes well under a millisecond.
enum CRC64NVME {
  private static let tables: [UInt64] = {
    var tables = [UInt64](repeating: 0, count: 8 * 256)
    for index in 0..<256 {
      var value = UInt64(index)
      for _ in 0..<8 { value = value & 1 == 1 ? (value >> 1) ^ 0x9A6C_9329_AC4B_C9B5 : value >> 1 }
      tables[index] = value
    }
    for index in 256..<tables.count {
      let previous = tables[index - 256]
      tables[index] = (previous >> 8) ^ tables[Int(previous & 0xFF)]
    }
    return tables
  }()

  static func checksum(_ bytes: [UInt8]) -> UInt64 {
    tables.withUnsafeBufferPointer { tables in
      bytes.withUnsafeBytes { bytes in
        var crc = UInt64.max
        var at = 0
        while bytes.count - at >= 8 {
          let word =
            UInt64(littleEndian: bytes.loadUnaligned(fromByteOffset: at, as: UInt64.self)) ^ crc
          crc = 0
          for lane in 0..<8 { crc ^= tables[(7 - lane) * 256 + Int((word >> (8 * lane)) & 0xFF)] }
          at += 8
        }
        while at < bytes.count {
          crc = (crc >> 8) ^ tables[Int((crc ^ UInt64(bytes[at])) & 0xFF)]
          at += 1
        }
        return ~crc
      }
    }
  }

  /// As in `x-amz-checksum-crc64nvme`: big-endian, base64.
  static func base64(_ bytes: [UInt8]) -> String {
    withUnsafeBytes(of: checksum(bytes).bigEndian) { Data($0).base64EncodedString() }
  }
}
