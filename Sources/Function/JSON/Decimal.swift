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

  var isZero: Bool { digitCount == 0 }

  @inline(__always) mutating func append(_ digit: UInt8) {
    if digitCount < Self.maximumDigits { significand = significand &* 10 &+ UInt64(digit) }
    if significand != 0 { digitCount += 1 }
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
    } else if exponent < 0, exponent >= -27 {
      magnitude = quotient(by: Self.powersOfFive[-exponent])
    } else {
      return nil
    }
    return isNegative ? -magnitude : magnitude
  }

  /// significand / 10^-exponent, correctly rounded, by one exact integer division: for replies with
  /// 16 or 17 digits per number, and several times faster than `strtod`.
  ///
  /// Dividing by 10^k is dividing by 5^k, which fits 64 bits up to k = 27, and lowering the binary
  /// exponent by k. Both operands are shifted until their top bit is set, so that the quotient has
  /// its 64 significant bits, 11 more than a double; the remainder decides only whether it lies
  /// beyond a tie. The result is between 10^-27 and 2^64: never subnormal.
  private func quotient(by powerOfFive: UInt64) -> Double {
    let numeratorShift = significand.leadingZeroBitCount
    let divisorShift = powerOfFive.leadingZeroBitCount
    let numerator = significand << UInt64(numeratorShift)
    let divisor = powerOfFive << UInt64(divisorShift)
    let isHalved = numerator >= divisor
    let high = isHalved ? numerator >> 1 : numerator
    let low = isHalved ? numerator << 63 : 0
    let (quotient, remainder) = divisor.dividingFullWidth((high, low))

    var binaryExponent = exponent + divisorShift - numeratorShift - 64 + (isHalved ? 1 : 0)
    var bits = quotient >> 11
    let rest = quotient & 0x7FF
    if rest > 0x400 || (rest == 0x400 && (remainder != 0 || bits & 1 == 1)) { bits += 1 }
    binaryExponent += 11
    return Double(sign: .plus, exponent: binaryExponent, significand: Double(bits))
  }

  private static let powersOfTen: [Double] = [
    1e0, 1e1, 1e2, 1e3, 1e4, 1e5, 1e6, 1e7, 1e8, 1e9, 1e10, 1e11, 1e12, 1e13, 1e14, 1e15, 1e16,
    1e17, 1e18, 1e19,
    1e20, 1e21, 1e22,
  ]

  /// 5^0 to 5^27.
  private static let powersOfFive: [UInt64] = (0..<27).reduce(into: [1]) { powers, _ in
    powers.append(powers[powers.count - 1] * 5)
  }
}
