/// The shortest decimal that reads back as the same double, of several the nearest: `digits` × 10^`exponent`.
///
/// The method is Raffaello Giulietti's: "The Schubfach way to render doubles", 2021. It takes a fifth of the standard
/// library's instructions, and a table of 900 bytes, because it is restricted to what probabilities and logits are.
struct ShortestDecimal {
  private(set) var digits: UInt64
  private(set) var exponent: Int

  /// Beyond this, the standard library writes an exponent; above it, not every integer is a double.
  private static let upperBound = 0x1p53
  /// From here on, the power of ten that the method needs fits 128 bits.
  private static let lowerBound = 1e-38

  /// Nil for zero and negative numbers, and outside of 10^-38..<2^53.
  @inline(__always) init?(_ magnitude: Double) {
    guard magnitude >= Self.lowerBound, magnitude < Self.upperBound else { return nil }
    let fraction = magnitude.significandBitPattern
    let significand = fraction | 1 << 52
    let binaryExponent = Int(magnitude.exponentBitPattern) - 1075
    // A power of two is nearer to its lower neighbor than to the upper one.
    let isPowerOfTwo = fraction == 0
    // floor(log10(2^binaryExponent)), or of three quarters of it.
    exponent = (binaryExponent * 1_262_611 - (isPowerOfTwo ? 524_031 : 0)) >> 22
    let power = PowersOfFive.normalized(-exponent)
    let shift = UInt64(
      binaryExponent + PowersOfFive.binaryExponent(-exponent) - exponent + 1)

    // The value and the ends of the interval that is read as it, times four, in units of 10^exponent.
    let value = Self.product(power, (4 &* significand) &<< shift)
    let isOdd = significand & 1
    let lower =
      Self.product(power, (4 &* significand &- (isPowerOfTwo ? 1 : 2)) &<< shift) &+ isOdd
    let upper = Self.product(power, (4 &* significand &+ 2) &<< shift) &- isOdd

    digits = value / 4
    let tens = digits / 10
    // One digit less, if exactly one of the neighbors of that length is in the interval.
    let isTenInside = lower <= 40 &* tens
    let isNextTenInside = 40 &* tens &+ 40 <= upper
    if isTenInside != isNextTenInside {
      digits = tens &+ (isNextTenInside ? 1 : 0)
      exponent += 1
      return
    }
    let isInside = lower <= 4 &* digits
    let isNextInside = 4 &* digits &+ 4 <= upper
    let middle = 4 &* digits &+ 2
    let isNext =
      isInside != isNextInside
      ? isNextInside : value > middle || (value == middle && digits & 1 == 1)
    if isNext { digits &+= 1 }
  }

  /// The integer part of the product / 2^128, with the lowest bit set if anything is cut off.
  @inline(__always) private static func product(
    _ power: (high: UInt64, low: UInt64), _ factor: UInt64
  ) -> UInt64 {
    let low = power.low.multipliedFullWidth(by: factor).high
    let high = power.high.multipliedFullWidth(by: factor)
    let (middle, carry) = high.low.addingReportingOverflow(low)
    return (high.high &+ (carry ? 1 : 0)) | (middle > 1 ? 1 : 0)
  }
}

extension ShortestDecimal {
  /// The most bytes that `write` needs, with what it writes beyond the end of the number.
  static let maximumBytes = 40

  /// Writes the number as the standard library does, but an integer without `.0`.
  ///
  /// - Parameter output: at least `maximumBytes`.
  /// - Returns: the number of bytes written.
  func write(to output: UnsafeMutableRawBufferPointer) -> Int {
    // Always 17 digits, of which the last may be zeros: one, eight, and eight.
    let missing = 17 - digits.decimalDigitCount
    let all = digits &* UInt64.powersOfTen[missing]
    let (rest, low) = all.quotientAndRemainder(dividingBy: 100_000_000)
    let (first, high) = rest.quotientAndRemainder(dividingBy: 100_000_000)
    let (highBytes, lowBytes) = (Self.bytes(high), Self.bytes(low))
    let zeros =
      lowBytes == 0
      ? 8 + highBytes.leadingZeroBitCount / 8 : lowBytes.leadingZeroBitCount / 8
    let count = 17 - zeros
    /// The power of ten of the first digit.
    let scale = exponent - missing + 16

    let ascii: UInt64 = 0x3030_3030_3030_3030
    func put(_ byte: UInt8, at index: Int) { unsafe output[index] = byte }
    func putDigits(firstAt index: Int, othersAt next: Int) {
      put(UInt8(truncatingIfNeeded: first) + UInt8(ascii: "0"), at: index)
      unsafe output.storeBytes(of: highBytes | ascii, toByteOffset: next, as: UInt64.self)
      unsafe output.storeBytes(of: lowBytes | ascii, toByteOffset: next + 8, as: UInt64.self)
    }
    if scale < 0, scale >= -4 {
      unsafe output.storeBytes(of: 0x3030_3030_3030_2E30, as: UInt64.self)
      putDigits(firstAt: 1 - scale, othersAt: 2 - scale)
      return 1 - scale + count
    }
    guard scale < 0 else {
      putDigits(firstAt: 0, othersAt: 1)
      guard count > scale + 1 else { return scale + 1 }
      var index = count
      while index > scale + 1 {
        unsafe output[index] = unsafe output[index - 1]
        index -= 1
      }
      put(UInt8(ascii: "."), at: index)
      return count + 1
    }
    putDigits(firstAt: 0, othersAt: 2)
    put(UInt8(ascii: "."), at: 1)
    let end = count == 1 ? 1 : count + 1
    put(UInt8(ascii: "e"), at: end)
    put(UInt8(ascii: "-"), at: end + 1)
    put(UInt8(truncatingIfNeeded: -scale / 10) + UInt8(ascii: "0"), at: end + 2)
    put(UInt8(truncatingIfNeeded: -scale % 10) + UInt8(ascii: "0"), at: end + 3)
    return end + 4
  }

  /// Eight digits, one in each byte, the first in the lowest.
  @inline(__always) private static func bytes(_ number: UInt64) -> UInt64 {
    // Divides the number by 10,000, both halves by 100, and the quarters by 10, side by side.
    let halves = number / 10_000 | (number % 10_000) &<< 32
    let hundreds = (halves &* 10_486) &>> 20 & 0x7F_0000_007F
    let quarters = hundreds | (halves &- 100 &* hundreds) &<< 16
    let tens = (quarters &* 103) &>> 10 & 0x0F_000F_000F_000F
    return tens | (quarters &- 10 &* tens) &<< 8
  }
}

extension [UInt8] {
  /// Appends a double as `JSONNumber` writes it; false, and nothing appended, if `ShortestDecimal` does not reach it.
  @inline(__always) mutating func append(shortest value: Double) -> Bool {
    guard let decimal = ShortestDecimal(value.magnitude) else { return false }
    append(addingCapacity: ShortestDecimal.maximumBytes + 1) { output in
      unsafe output.withUnsafeMutableBufferPointer { buffer, count in
        if value < 0 {
          unsafe buffer[count] = UInt8(ascii: "-")
          count += 1
        }
        let output = UnsafeMutableRawBufferPointer(buffer)
        count += unsafe decimal.write(to: UnsafeMutableRawBufferPointer(rebasing: output[count...]))
      }
    }
    return true
  }
}
