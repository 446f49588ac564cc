/// A JSON number without loss of precision: integers of any size keep every digit, and a number
/// with a fraction or an exponent is the nearest `Double`, written in the shortest form that reads
/// back as the same bits.
///
/// Two numbers are equal when their values are: `1`, `1.0` and `1e0` are equal, and so are `0` and
/// `-0`. Numbers that fit neither `Int64` nor a finite `Double` are equal when their texts are.
public struct JSONNumber: Equatable, Sendable {
  private enum Storage: Sendable {
    case integer(Int64)
    /// Always finite.
    case double(Double)
    /// An integer beyond `Int64`, or a number beyond `Double`; already valid JSON.
    case text(String)
  }

  private let storage: Storage

  public init(_ value: Int64) { storage = .integer(value) }

  /// A double, which should be finite, because JSON cannot represent other values.
  ///
  /// An infinity becomes `1e999` or `-1e999`, which a reader parses as infinity or rejects. NaN
  /// also becomes `1e999`: it must not appear as a plausible value, nor as `null`, which is not a
  /// number.
  public init(_ value: Double) {
    storage = value.isFinite ? .double(value) : .text(value < 0 ? "-1e999" : "1e999")
  }

  /// - Parameter text: must be a valid JSON number.
  init(validText text: String) { storage = .text(text) }

  /// The JSON text of the number.
  public var text: String {
    var bytes: [UInt8] = []
    append(to: &bytes)
    return String(decoding: bytes, as: UTF8.self)
  }

  /// Appends the JSON text of the number.
  func append(to bytes: inout [UInt8]) {
    switch storage {
    case .integer(let value): bytes.append(decimal: value)
    case .double(let value): bytes.append(json: value)
    case .text(let text): bytes.append(utf8Of: text)
    }
  }

  /// The nearest double; an infinity when the number is beyond the range of doubles, as in `1e999`.
  public var doubleValue: Double {
    switch storage {
    case .integer(let value): Double(value)
    case .double(let value): value
    case .text(let text): Double(text) ?? .nan  // never nil: the text is a valid number
    }
  }

  /// The integer, or nil when the number is not one or does not fit.
  ///
  /// A number with a fraction or an exponent (`1e3`) counts up to 2^53; beyond that, a double
  /// cannot distinguish an integer from its neighbor.
  public var int64Value: Int64? {
    switch storage {
    case .integer(let value): value
    case .double(let value): value.magnitude <= 0x1p53 ? Self.exactInteger(value) : nil
    case .text: nil
    }
  }

  /// Compares by value; see the type.
  public static func == (left: JSONNumber, right: JSONNumber) -> Bool {
    switch (left.storage, right.storage) {
    case (.integer(let left), .integer(let right)): left == right
    case (.double(let left), .double(let right)): left == right
    case (.integer(let integer), .double(let double)), (.double(let double), .integer(let integer)):
      exactInteger(double) == integer
    case (.text(let left), .text(let right)): left == right
    default: false
    }
  }

  /// `Int64(exactly:)` without its call to `trunc`, which would require libm in every executable.
  private static func exactInteger(_ value: Double) -> Int64? {
    guard value >= -0x1p63, value < 0x1p63 else { return nil }
    let integer = Int64(value)
    return Double(integer) == value ? integer : nil
  }
}

extension [UInt8] {
  /// Appends the shortest text that reads back as the same double, which must be finite.
  mutating func append(json value: Double) {
    if append(shortest: value) { return }
    append(utf8Of: value.description)
    // Redundant (`-0` stays `-0`).
    if self[count - 1] == UInt8(ascii: "0"), self[count - 2] == UInt8(ascii: ".") { removeLast(2) }
  }

  /// Appends `value.description`.
  public mutating func append(description value: Double) {
    // Only whole numbers are not written alike.
    if value > 0, value < 1, append(shortest: value) { return }
    append(utf8Of: value.description)
  }

  /// Appends an integer. That of the standard library is generic code, a call for each digit, from twenty pages.
  public mutating func append(decimal value: Int64) {
    let digitCount = Swift.max(1, value.magnitude.decimalDigitCount)
    append(addingCapacity: 1 + digitCount) { output in
      if value < 0 { output.append(UInt8(ascii: "-")) }
      unsafe output.withUnsafeMutableBufferPointer { buffer, count in
        var rest = value.magnitude
        for index in (count..<count + digitCount).reversed() {
          unsafe buffer[index] = UInt8(ascii: "0") + UInt8(truncatingIfNeeded: rest % 10)
          rest /= 10
        }
        count += digitCount
      }
    }
  }

  /// Several times faster than appending a `UTF8View`, which a generic function copies.
  mutating func append(utf8Of text: String) {
    unsafe text.utf8.span.withUnsafeBufferPointer { unsafe append(contentsOf: $0) }
  }
}
