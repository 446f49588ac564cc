import TestSupport
import Testing

@testable import S3

/// The checks beside the definition, a bit a step.
@Suite struct CyclicRedundancyCheckTests {
  private func bitwise(_ bytes: [UInt8], polynomial: UInt64, bitCount: Int) -> UInt64 {
    let mask: UInt64 = bitCount == 64 ? .max : (1 << UInt64(bitCount)) - 1
    var value = mask
    for byte in bytes {
      value ^= UInt64(byte)
      for _ in 0..<8 { value = value & 1 == 1 ? value >> 1 ^ polynomial : value >> 1 }
    }
    return value ^ mask
  }

  /// Below and above the lengths that are folded, with every number of bytes left over.
  @Test(arguments: [
    (Checksum.crc32, 0xEDB8_8320, 32), (.crc32C, 0x82F6_3B78, 32),
    (.crc64NVME, 0x9A6C_9329_AC4B_C9B5, 64),
  ])
  func everyLengthHasTheRemainderOfItsDefinition(
    checksum: Checksum, polynomial: UInt64, bitCount: Int
  ) {
    var generator = SeededGenerator(seed: 20_251_122)
    let bytes = (0..<1_100).map { _ in UInt8.random(in: 0...255, using: &generator) }
    for count in Array(0...330) + [1_000, 1_023, 1_024, 1_100] {
      let part = Array(bytes[..<count])
      let expected = bitwise(part, polynomial: polynomial, bitCount: bitCount)
      #expect(value(of: [part], checksum) == expected, "\(count) bytes")
    }
  }

  private func value(of parts: [[UInt8]], _ checksum: Checksum) -> UInt64 {
    var running = RunningChecksum(checksum)
    for part in parts { part.withUnsafeBytes { running.take($0) } }
    return running.bytes.reduce(0 as UInt64) { $0 << 8 | UInt64($1) }
  }

  @Test(arguments: Checksum.allCases)
  func partsOfAnyLengthHaveTheChecksumOfTheWhole(checksum: Checksum) {
    var generator = SeededGenerator(seed: 22)
    let bytes = (0..<3_000).map { _ in UInt8.random(in: 0...255, using: &generator) }
    let whole = checksum.text(of: bytes)
    for _ in 0..<100 {
      var running = RunningChecksum(checksum)
      var rest = bytes[...]
      while !rest.isEmpty {
        let part = Array(rest.prefix(Int.random(in: 0...700, using: &generator)))
        part.withUnsafeBytes { running.take($0) }
        rest = rest.dropFirst(part.count)
      }
      #expect(running.text == whole)
    }
  }
}
