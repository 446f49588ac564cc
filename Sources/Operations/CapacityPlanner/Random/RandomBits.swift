/// Seeded random bits: xoshiro256++ 1.0, whose state is filled by SplitMix64. A seed and a stream number give
/// the same sequence on every machine; streams of one seed are independent for this purpose.
///
/// Source: Blackman and Vigna, "Scrambled linear pseudorandom number generators", 2021, <https://prng.di.unimi.it/>.
struct RandomBits: RandomNumberGenerator {
  private var state: (UInt64, UInt64, UInt64, UInt64)

  init(seed: UInt64, stream: UInt64 = 0) {
    var filler = seed ^ (stream &* 0xD1B5_4A32_D192_ED03)
    state = (Self.fill(&filler), Self.fill(&filler), Self.fill(&filler), Self.fill(&filler))
  }

  private static func fill(_ filler: inout UInt64) -> UInt64 {
    filler &+= 0x9E37_79B9_7F4A_7C15
    var mixed = filler
    mixed = (mixed ^ (mixed >> 30)) &* 0xBF58_476D_1CE4_E5B9
    mixed = (mixed ^ (mixed >> 27)) &* 0x94D0_49BB_1331_11EB
    return mixed ^ (mixed >> 31)
  }

  @inline(__always)
  mutating func next() -> UInt64 {
    let sum = state.0 &+ state.3
    let result = ((sum << 23) | (sum >> 41)) &+ state.0
    let shifted = state.1 << 17
    state.2 ^= state.0
    state.3 ^= state.1
    state.1 ^= state.2
    state.0 ^= state.3
    state.2 ^= shifted
    state.3 = (state.3 << 45) | (state.3 >> 19)
    return result
  }

  /// A whole number in 0 ..< bound, each as likely but for 2^-64 × bound.
  @inline(__always)
  mutating func next(below bound: Int) -> Int {
    Int(truncatingIfNeeded: next().multipliedFullWidth(by: UInt64(truncatingIfNeeded: bound)).high)
  }

  /// A number in 0 ..< 1 with 53 random bits.
  @inline(__always)
  mutating func nextFraction() -> Double { Double(next() >> 11) * 0x1p-53 }
}
