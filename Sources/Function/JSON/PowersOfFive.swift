/// 5^0 to 5^55, the powers that fit 128 bits, each shifted until its highest bit is set. 10^k differs from 5^k
/// only in its binary exponent.
enum PowersOfFive {
  static let maximumExponent = 55

  /// The upper 64 bits of each, then the lower ones.
  private static let halves: [UInt64] = {
    var halves: [UInt64] = []
    halves.reserveCapacity(2 * (maximumExponent + 1))
    var power: UInt128 = 1
    for exponent in 0...maximumExponent {
      if exponent > 0 { power *= 5 }
      let normalized = power << UInt128(power.leadingZeroBitCount)
      halves.append(UInt64(truncatingIfNeeded: normalized >> 64))
      halves.append(UInt64(truncatingIfNeeded: normalized))
    }
    return halves
  }()

  @inline(__always) static func normalized(_ exponent: Int) -> (high: UInt64, low: UInt64) {
    (halves[2 * exponent], halves[2 * exponent + 1])
  }

  /// The binary exponent of the highest bit of 5^exponent.
  @inline(__always) static func binaryExponent(_ exponent: Int) -> Int {
    (exponent * 1_217_359) >> 19
  }
}
