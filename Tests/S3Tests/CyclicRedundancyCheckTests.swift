import TestSupport
import Testing

@testable import S3

/// The checks beside the definition, a bit a step.
@Suite struct CyclicRedundancyCheckTests {
  private func bitwise(
    _ bytes: [UInt8], polynomial: UInt64, bitCount: Int, start: UInt64 = .max
  ) -> UInt64 {
    let mask: UInt64 = bitCount == 64 ? .max : (1 << UInt64(bitCount)) - 1
    var value = start & mask
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
    let bytes = randomBytes(1_100)
    for count in Array(0...330) + Array(500...800) + [1_000, 1_023, 1_024, 1_100] {
      let part = Array(bytes[..<count])
      let expected = bitwise(part, polynomial: polynomial, bitCount: bitCount)
      #expect(value(of: [part], checksum) == expected, "\(count) bytes")
    }
  }

  /// As on processors that have narrower registers than this one.
  @Test(arguments: [64, 128, 256].filter { $0 <= ChecksumFolding.maximumBlockBytes })
  func blocksOfAnySizeAreFoldedToTheSameRemainder(blockBytes: Int) throws {
    let folding = ChecksumFolding(
      reflectedPolynomial: 0xEDB8_8320, bitCount: 32, blockBytes: blockBytes)
    let bytes = randomBytes(1_100)
    for count in [128, 191, 192, 255, 256, 383, 511, 512, 575, 767, 768, 1_100] {
      let part = Array(bytes[..<count])
      let shortened = try part.withUnsafeBytes { input in
        let (block, rest) = try #require(folding.shortened(input, after: 0xFFFF_FFFF))
        #expect(rest.count == count % 64)
        return block.withUnsafeBytes(Array.init) + Array(rest)
      }
      #expect(shortened.count == 64 + count % 64)
      #expect(
        bitwise(shortened, polynomial: 0xEDB8_8320, bitCount: 32, start: 0)
          == bitwise(part, polynomial: 0xEDB8_8320, bitCount: 32), "\(count) bytes")
    }
  }

  private func randomBytes(_ count: Int) -> [UInt8] {
    var generator = SeededGenerator(seed: 20_251_122)
    return (0..<count).map { _ in UInt8.random(in: 0...255, using: &generator) }
  }

  private func value(of parts: [[UInt8]], _ checksum: Checksum) -> UInt64 {
    var running = RunningChecksum(checksum)
    for part in parts { part.withUnsafeBytes { running.take($0) } }
    return running.bytes.reduce(0 as UInt64) { $0 << 8 | UInt64($1) }
  }

  @Test(arguments: Checksum.allCases)
  func partsOfAnyLengthHaveTheChecksumOfTheWhole(checksum: Checksum) {
    var generator = SeededGenerator(seed: 22)
    let bytes = (0..<8_000).map { _ in UInt8.random(in: 0...255, using: &generator) }
    let whole = checksum.text(of: bytes)
    for _ in 0..<100 {
      var running = RunningChecksum(checksum)
      var rest = bytes[...]
      while !rest.isEmpty {
        let part = Array(rest.prefix(Int.random(in: 0...2_000, using: &generator)))
        part.withUnsafeBytes { running.take($0) }
        rest = rest.dropFirst(part.count)
      }
      #expect(running.text == whole)
    }
  }
}
