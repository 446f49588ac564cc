/// A number as its decimal digits are read: significand × 10^exponent.
///
/// At most 19 digits are kept, which always fit 64 bits. With more digits, `integer` and `double`
/// are nil.
struct Decimal {
  private(set) var significand: UInt64 = 0
  /// Digits in the significand, from the first that is not 0.
  private(set) var digitCount = 0
  var exponent = 0

  private static let maximumDigits = 19

  init() {}

  /// A significand below 10^19.
  init(significand: UInt64, exponent: Int) {
    self.significand = significand
    self.exponent = exponent
    digitCount = significand.decimalDigitCount
  }

  var isZero: Bool { digitCount == 0 }

  @inline(__always) mutating func append(_ digit: UInt8) {
    if digitCount < Self.maximumDigits { significand = significand &* 10 &+ UInt64(digit) }
    if significand != 0 { digitCount += 1 }
  }

  /// Appends a number as `count` digits, at most 8.
  @inline(__always) mutating func append(_ number: UInt64, digits count: Int) {
    if significand == 0 {
      (significand, digitCount) = (number, number.decimalDigitCount)
    } else {
      // With more digits, the significand is of no use.
      if digitCount + count <= Self.maximumDigits {
        significand = significand &* UInt64.powersOfTen[count] &+ number
      }
      digitCount += count
    }
  }

  /// The integer, or nil when it is `-0` or may not fit `Int64`.
  func integer(isNegative: Bool) -> Int64? {
    guard digitCount <= Self.maximumDigits, !(isNegative && isZero) else { return nil }
    if isNegative {
      return Int64(exactly: significand).map { -$0 } ?? (significand == 1 << 63 ? .min : nil)
    }
    return Int64(exactly: significand)
  }

  /// The nearest double, ties to even, or nil when only the slow path can compute it.
  func double(isNegative: Bool) -> Double? {
    if isZero { return isNegative ? -0.0 : 0 }
    guard digitCount <= Self.maximumDigits else { return nil }
    let magnitude: Double
    if significand <= 1 << 53, exponent.magnitude <= 22 {
      // Clinger's fast path: both operands are exact doubles, so one operation rounds once.
      let power = Self.powersOfTen[Int(exponent.magnitude)]
      magnitude = exponent < 0 ? Double(significand) / power : Double(significand) * power
    } else if exponent < 0, exponent >= -PowersOfFive.maximumExponent {
      magnitude = quotientByPowerOfTen()
    } else {
      return nil
    }
    return isNegative ? -magnitude : magnitude
  }

  /// significand / 10^-exponent, correctly rounded, by one exact integer division: for replies with
  /// 16 or 17 digits per number, and several times faster than `strtod`.
  ///
  /// Dividing by 10^k is dividing by 5^k, which fits 128 bits up to k = 55, and lowering the binary
  /// exponent by k. Both operands are shifted until their top bit is set, so that the quotient has
  /// its 64 significant bits, 11 more than a double; the remainder decides only whether it lies
  /// beyond a tie. The result is between 10^-55 and 2^64: never subnormal.
  private func quotientByPowerOfTen() -> Double {
    let divisor = PowersOfFive.normalized(-exponent)
    let shift = significand.leadingZeroBitCount
    let numerator = significand << UInt64(shift)
    // The quotient must fit 64 bits.
    let isHalved = numerator >= divisor.high
    let (quotient, isExact) = Self.divide(
      isHalved ? numerator >> 1 : numerator, isHalved ? numerator << 63 : 0, by: divisor)
    // One bit more of the numerator than of the divisor makes a quotient of 63 bits.
    let missing = quotient.leadingZeroBitCount
    var bits = (quotient << UInt64(missing)) >> 11
    let rest = quotient << UInt64(missing) & 0x7FF
    if rest > 0x400 || (rest == 0x400 && (!isExact || bits & 1 == 1)) { bits += 1 }
    let binaryExponent =
      exponent - shift - PowersOfFive.binaryExponent(-exponent) - 1 + (isHalved ? 1 : 0) - missing
      + 11
    return Double(sign: .plus, exponent: binaryExponent, significand: Double(bits))
  }

  /// (high, low, 0) / divisor, of 64-bit digits; high must be lower than the divisor's.
  private static func divide(
    _ high: UInt64, _ low: UInt64, by divisor: (high: UInt64, low: UInt64)
  ) -> (quotient: UInt64, isExact: Bool) {
    // By the upper half of the divisor first, which gives at most two too many.
    var (quotient, remainder) = divisor.high.dividingFullWidth((high, low))
    var (taken, takenLow) = quotient.multipliedFullWidth(by: divisor.low)
    while taken > remainder || (taken == remainder && takenLow > 0) {
      quotient -= 1
      let (lower, borrow) = takenLow.subtractingReportingOverflow(divisor.low)
      takenLow = lower
      taken = taken &- (borrow ? 1 : 0)
      let (more, overflow) = remainder.addingReportingOverflow(divisor.high)
      remainder = more
      // More than any product with the lower half.
      if overflow { return (quotient, false) }
    }
    return (quotient, taken == remainder && takenLow == 0)
  }

  private static let powersOfTen: [Double] = [
    1e0, 1e1, 1e2, 1e3, 1e4, 1e5, 1e6, 1e7, 1e8, 1e9, 1e10, 1e11, 1e12, 1e13, 1e14, 1e15, 1e16,
    1e17, 1e18, 1e19,
    1e20, 1e21, 1e22,
  ]
}

extension UInt64 {
  static let powersOfTen: [UInt64] = [
    1, 10, 100, 1_000, 10_000, 100_000, 1_000_000, 10_000_000, 100_000_000, 1_000_000_000,
    10_000_000_000, 100_000_000_000, 1_000_000_000_000, 10_000_000_000_000, 100_000_000_000_000,
    1_000_000_000_000_000, 10_000_000_000_000_000, 100_000_000_000_000_000,
    1_000_000_000_000_000_000, 10_000_000_000_000_000_000,
  ]

  /// The number of decimal digits; 0 for 0.
  @inline(__always) var decimalDigitCount: Int {
    let estimate = ((64 - leadingZeroBitCount) * 1_233) >> 12
    return estimate + (self >= Self.powersOfTen[estimate] ? 1 : 0)
  }

  /// The digits at the beginning of eight bytes of text, the first in the lowest byte.
  @inline(__always) var leadingDigits: (number: UInt64, count: Int) {
    // A digit is 0x30 to 0x39: neither it nor its sum with 6 leaves 0x30. Marks above the lowest may be false.
    let high: UInt64 = 0xF0F0_F0F0_F0F0_F0F0
    let marks =
      (self & high | ((self &+ 0x0606_0606_0606_0606) & high) &>> 4) ^ 0x3333_3333_3333_3333
    let count = marks.trailingZeroBitCount / 8
    guard count > 0 else { return (0, 0) }
    // With zeros in front instead of what follows; then neighbors are joined: eight digits to four pairs, and these by
    // two multiplications.
    let digits = (self &- 0x3030_3030_3030_3030) &<< UInt64(64 - 8 * count)
    let pairs = digits &* 10 &+ digits &>> 8
    let mask: UInt64 = 0x0000_00FF_0000_00FF
    let number =
      ((pairs & mask) &* 0x000F_4240_0000_0064
        &+ (pairs &>> 16 & mask) &* 0x0000_2710_0000_0001) &>> 32
    return (number, count)
  }
}
