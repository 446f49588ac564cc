import CCarrylessMultiplication

/// Shortens data to 64 bytes that have the same remainder in a reflected cyclic redundancy check, where the processor
/// multiplies polynomials (PCLMULQDQ of x86): twice as fast as zlib, many times as fast as tables.
///
/// Described in Gopal and others, "Fast CRC Computation for Generic Polynomials Using PCLMULQDQ Instruction", Intel
/// 2009.
struct ChecksumFolding: Sendable {
  private static let blockBytes = 64
  private static let isAvailable = carryless_is_available()

  /// What takes the first and the second eight bytes of a lane 64 bytes further: x^575 and x^511 modulo the
  /// polynomial. One power less than the distance, because a product of reflected numbers has a bit less.
  private let factors: [UInt64]

  /// For CRC-32 of gzip and Ethernet, reflected polynomial 0xEDB88320.
  static let crc32 = ChecksumFolding(reflectedPolynomial: 0xEDB8_8320, bitCount: 32)

  init(reflectedPolynomial: UInt64, bitCount: UInt64) {
    factors = [575, 511].map { exponent in
      var power: UInt64 = 1 << (bitCount - 1)  // x^0
      for _ in 0..<exponent {
        power = power & 1 == 1 ? power >> 1 ^ reflectedPolynomial : power >> 1
      }
      return power << (64 - bitCount)
    }
  }

  /// The whole blocks of some data, behind a value of the check so far, as one block to go on from with zero, and the
  /// bytes behind them.
  ///
  /// - Returns: nil when there is too little data, or a processor that cannot do it.
  func shortened(
    _ input: UnsafeRawBufferPointer, after value: UInt64
  ) -> (block: [UInt64], rest: UnsafeRawBufferPointer)? {
    guard Self.isAvailable, input.count >= 2 * Self.blockBytes else { return nil }
    var block = (0..<8).map {
      unsafe input.loadUnaligned(fromByteOffset: 8 * $0, as: UInt64.self)
    }
    block[0] ^= value
    let end = input.count / Self.blockBytes * Self.blockBytes
    let blocks = unsafe UnsafeRawBufferPointer(rebasing: input[Self.blockBytes..<end])
    unsafe carryless_fold(
      blocks.bindMemory(to: UInt8.self).baseAddress, blocks.count / Self.blockBytes, factors,
      &block)
    return unsafe (block, UnsafeRawBufferPointer(rebasing: input[end...]))
  }
}
