/// The CRC algorithms of S3 checksums, all of them reflected and inverted.
///
/// Uses eight tables to process eight bytes per step: well under a millisecond per photograph.
struct ReflectedCRC: Sendable {
  /// Polynomial 0xEDB88320 (IEEE 802.3).
  static let crc32 = ReflectedCRC(polynomial: 0xEDB8_8320, mask: 0xFFFF_FFFF)
  /// Polynomial 0x82F63B78 (Castagnoli).
  static let crc32C = ReflectedCRC(polynomial: 0x82F6_3B78, mask: 0xFFFF_FFFF)
  /// Polynomial 0x9A6C9329AC4BC9B5: S3's default for uploads without a checksum.
  static let crc64NVME = ReflectedCRC(polynomial: 0x9A6C_9329_AC4B_C9B5, mask: .max)

  private let tables: [UInt64]
  private let mask: UInt64

  private init(polynomial: UInt64, mask: UInt64) {
    var tables = [UInt64](repeating: 0, count: 8 * 256)
    for index in 0..<256 {
      var value = UInt64(index)
      for _ in 0..<8 { value = value & 1 == 1 ? (value >> 1) ^ polynomial : value >> 1 }
      tables[index] = value
    }
    for index in 256..<tables.count {
      let previous = tables[index - 256]
      tables[index] = (previous >> 8) ^ tables[Int(previous & 0xFF)]
    }
    self.tables = tables
    self.mask = mask
  }

  /// The checksum of all bytes; a 32-bit one is in the lower half.
  func checksum(_ bytes: [UInt8]) -> UInt64 {
    tables.withUnsafeBufferPointer { tables in
      bytes.withUnsafeBytes { bytes in
        var crc = mask
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
        return ~crc & mask
      }
    }
  }
}
