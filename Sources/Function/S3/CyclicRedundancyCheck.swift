/// A reflected cyclic redundancy check of up to 64 bits, eight bytes a step ("slicing by eight") for what
/// `ChecksumFolding` leaves.
///
/// zlib has CRC-32 only; S3 also sends CRC-32C (RFC 3720) and CRC-64/NVME, which since the end of
/// 2024 is what objects get whose upload names none.
struct CyclicRedundancyCheck: Sendable {
  private let tables: [UInt64]
  private let mask: UInt64
  private let folding: ChecksumFolding

  /// CRC-32C, Castagnoli, reflected polynomial 0x82F63B78.
  static let crc32C = CyclicRedundancyCheck(reflectedPolynomial: 0x82F6_3B78, bitCount: 32)
  /// CRC-64/NVME, reflected polynomial 0x9A6C9329AC4BC9B5.
  static let crc64NVME = CyclicRedundancyCheck(
    reflectedPolynomial: 0x9A6C_9329_AC4B_C9B5, bitCount: 64)

  private init(reflectedPolynomial: UInt64, bitCount: UInt64) {
    mask = .max >> (64 - bitCount)
    folding = ChecksumFolding(reflectedPolynomial: reflectedPolynomial, bitCount: bitCount)
    var tables = [UInt64](repeating: 0, count: 8 * 256)
    for index in 0..<256 {
      var value = UInt64(index)
      for _ in 0..<8 { value = value & 1 == 1 ? value >> 1 ^ reflectedPolynomial : value >> 1 }
      tables[index] = value
    }
    for index in 256..<tables.count {
      let previous = tables[index - 256]
      tables[index] = previous >> 8 ^ tables[Int(previous & 0xFF)]
    }
    self.tables = tables
  }

  /// The value after more bytes; all ones before the first, inverted behind the last.
  func value(_ value: UInt64, after input: UnsafeRawBufferPointer) -> UInt64 {
    guard let (block, rest) = unsafe folding.shortened(input, after: value) else {
      return unsafe remainder(of: input, from: value)
    }
    let value = unsafe block.withUnsafeBytes { unsafe remainder(of: $0, from: 0) }
    return unsafe remainder(of: rest, from: value)
  }

  /// Goes on from a value, eight bytes a step.
  private func remainder(of input: UnsafeRawBufferPointer, from start: UInt64) -> UInt64 {
    var value = start
    unsafe tables.withUnsafeBufferPointer { tables in
      let blocks = input.count / 8
      for block in 0..<blocks {
        value ^= unsafe UInt64(
          littleEndian: input.loadUnaligned(fromByteOffset: block * 8, as: UInt64.self))
        // Spelled out: a loop over the eight tables is not unrolled in all builds.
        value =
          unsafe tables[1792 + Int(value & 0xFF)]
          ^ tables[1536 + Int(value >> 8 & 0xFF)] ^ tables[1280 + Int(value >> 16 & 0xFF)]
          ^ tables[1024 + Int(value >> 24 & 0xFF)] ^ tables[768 + Int(value >> 32 & 0xFF)]
          ^ tables[512 + Int(value >> 40 & 0xFF)] ^ tables[256 + Int(value >> 48 & 0xFF)]
          ^ tables[Int(value >> 56)]
      }
      for index in blocks * 8..<input.count {
        value = unsafe value >> 8 ^ tables[Int((value ^ UInt64(input[index])) & 0xFF)]
      }
    }
    return value
  }
}
