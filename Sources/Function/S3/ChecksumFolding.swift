import CCarrylessMultiplication

/// Shortens data to 64 bytes that have the same remainder in a reflected cyclic redundancy check, where the processor
/// multiplies polynomials (PCLMULQDQ of x86): twice to ten times as fast as zlib, many times as fast as tables.
///
/// Described in Gopal and others, "Fast CRC Computation for Generic Polynomials Using PCLMULQDQ Instruction", Intel
/// 2009.
struct ChecksumFolding: Sendable {
  /// Of this processor: 256, 128, or 64; 0 when it cannot fold.
  static let maximumBlockBytes = carryless_block_bytes()
  private static let finalBlockBytes = 64

  private let final: Step
  private let wide: Step?

  /// For CRC-32 of gzip and Ethernet, reflected polynomial 0xEDB88320.
  static let crc32 = ChecksumFolding(reflectedPolynomial: 0xEDB8_8320, bitCount: 32)

  /// - Parameter blockBytes: how many bytes are folded at once, at most `maximumBlockBytes`.
  init(reflectedPolynomial: UInt64, bitCount: UInt64, blockBytes: Int = maximumBlockBytes) {
    final = Step(Self.finalBlockBytes, reflectedPolynomial, bitCount)
    wide =
      blockBytes > Self.finalBlockBytes ? Step(blockBytes, reflectedPolynomial, bitCount) : nil
  }

  /// The whole blocks of some data, behind a value of the check so far, as one block to go on from with zero, and the
  /// bytes behind them, fewer than 64.
  ///
  /// - Returns: nil when there is too little data, or a processor that cannot do it.
  func shortened(
    _ input: UnsafeRawBufferPointer, after value: UInt64
  ) -> (block: [UInt64], rest: UnsafeRawBufferPointer)? {
    guard Self.maximumBlockBytes > 0, input.count >= 2 * final.blockBytes else { return nil }
    let first = wide.flatMap { input.count >= 2 * $0.blockBytes ? $0 : nil } ?? final
    var block = (0..<first.blockBytes / 8).map {
      unsafe input.loadUnaligned(fromByteOffset: 8 * $0, as: UInt64.self)
    }
    block[0] ^= value
    var rest = unsafe UnsafeRawBufferPointer(rebasing: input[first.blockBytes...])
    unsafe first.fold(&rest, into: &block)
    if first.blockBytes > final.blockBytes {
      var folded = Array(block[..<(final.blockBytes / 8)])
      unsafe block.withUnsafeBytes { words in
        var words = unsafe UnsafeRawBufferPointer(rebasing: words[final.blockBytes...])
        unsafe final.fold(&words, into: &folded)
      }
      unsafe final.fold(&rest, into: &folded)
      block = folded
    }
    return unsafe (block, rest)
  }

  /// Folding by blocks of one size.
  private struct Step {
    let blockBytes: Int
    /// What takes the first and the second eight bytes of 128 bits as many bits further as a block has: x^(bits + 63)
    /// and x^(bits - 1) modulo the polynomial. One power less than the distance, because a product of reflected
    /// numbers has a bit less.
    private let factors: [UInt64]

    init(_ blockBytes: Int, _ reflectedPolynomial: UInt64, _ bitCount: UInt64) {
      self.blockBytes = blockBytes
      factors = [8 * blockBytes + 63, 8 * blockBytes - 1].map { exponent in
        var power: UInt64 = 1 << (bitCount - 1)  // x^0
        for _ in 0..<exponent {
          power = power & 1 == 1 ? power >> 1 ^ reflectedPolynomial : power >> 1
        }
        return power << (64 - bitCount)
      }
    }

    /// Takes the whole blocks from the beginning of the input.
    func fold(_ input: inout UnsafeRawBufferPointer, into block: inout [UInt64]) {
      let blocks = input.count / blockBytes
      unsafe carryless_fold(
        input.bindMemory(to: UInt8.self).baseAddress, blocks, blockBytes, factors, &block)
      unsafe input = UnsafeRawBufferPointer(rebasing: input[(blocks * blockBytes)...])
    }
  }
}
