import JSON

extension NumberList {
  /// How far the sum of probabilities may be from 1 by rounding alone: by the format or the digits that these numbers
  /// came with.
  ///
  /// - bfloat16: 2⁻⁸, whatever their number n, since each is off by at most its 2⁻⁸th part;
  /// - binary16: 2⁻¹¹ and n times half of its smallest number;
  /// - at most six decimals, d: n·½·10⁻ᵈ, at most 0.02;
  /// - else float32: 1e-4 and n·2⁻²⁴.
  ///
  /// A softmax whose exponentials and sum were rounded to bfloat16, too, has no bound that is of use.
  ///
  /// - Parameter isKnown: whether the numbers are known to be probabilities. Then the bound by decimals is not cut at
  ///   0.02, which keeps other numbers from being taken for some.
  func sumTolerance(isKnown: Bool) -> Double {
    let count = Double(values.count)
    var tolerance = 1e-4 + count * 0x1p-24
    if values.allSatisfy(Self.isBrainFloat) {
      tolerance = 0x1p-8
    } else if values.allSatisfy(Self.isHalf) {
      tolerance = 0x1p-11 + count * 0x1p-25
    }
    if decimals <= 6 {
      let unit = Self.unitsOfDecimals[max(decimals, 0)]
      tolerance = max(tolerance, min(count * 0.5 * unit, isKnown ? 1 : 0.02))
    }
    // What the additions of the sum itself may round.
    return tolerance + count * 0x1p-52
  }

  private static let unitsOfDecimals = [1, 0.1, 0.01, 1e-3, 1e-4, 1e-5, 1e-6]

  /// Whether the nearest float is a bfloat16; its digits may be the float's shortest ones.
  private static func isBrainFloat(_ value: Double) -> Bool {
    Float(value).bitPattern & 0xFFFF == 0
  }

  private static func isHalf(_ value: Double) -> Bool {
    let value = Float(value)
    guard value.magnitude < 0x1p-14 else { return value.bitPattern & 0x1FFF == 0 }
    // Subnormal numbers are multiples of 2⁻²⁴.
    let units = value * 0x1p24
    return Float(Int32(units)) == units
  }
}
