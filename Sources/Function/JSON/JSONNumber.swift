/// A JSON number that loses nothing a consumer could need: integers of any size keep every digit,
/// and a number with a fraction or an exponent is the nearest `Double`, which is written in its
/// shortest form that reads back as the same bits.
///
/// Two numbers are equal when their values are: `1`, `1.0` and `1e0` are equal, and so are `0` and
/// `-0`. Numbers that fit neither `Int64` nor a finite `Double` are equal when their texts are.
public struct JSONNumber: Equatable, Sendable {
  private enum Storage: Sendable {
    case integer(Int64)
    /// Always finite.
    case double(Double)
    /// An integer beyond `Int64`, or a number beyond `Double`; valid JSON as it stands.
    case text(String)
  }

  private let storage: Storage

  /// An exact integer.
  public init(_ value: Int64) { storage = .integer(value) }

  /// A double, which should be finite: JSON has no other.
  ///
  /// An infinity becomes `1e999` or `-1e999`, which every reader takes for an infinity or refuses,
  /// and a NaN becomes `1e999` too: it must not come out as a plausible value, nor as `null`, which
  /// is no number.
  public init(_ value: Double) {
    storage = value.isFinite ? .double(value) : .text(value < 0 ? "-1e999" : "1e999")
  }

  /// `text` must be a valid JSON number.
  init(validText text: String) { storage = .text(text) }

  /// The number as it will be written.
  public var text: String {
    var bytes: [UInt8] = []
    append(to: &bytes)
    return String(decoding: bytes, as: UTF8.self)
  }

  /// Appends the number as it will be written.
  func append(to bytes: inout [UInt8]) {
    switch storage {
    case .integer(let value): bytes.append(utf8Of: String(value))
    case .double(let value):
      let start = bytes.count
      var output = NumberOutput(bytes: [])
      swap(&output.bytes, &bytes)
      value.write(to: &output)
      swap(&output.bytes, &bytes)
      // What Swift writes is the shortest that round-trips, but for a ".0" that carries nothing
      // (`-0` stays `-0`).
      if bytes.count - start > 2, bytes[bytes.count - 1] == UInt8(ascii: "0"),
        bytes[bytes.count - 2] == UInt8(ascii: ".")
      {
        bytes.removeLast(2)
      }
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
  /// A form with a fraction or an exponent (`1e3`) counts up to 2^53; beyond that a double does not
  /// tell an integer from its neighbour.
  public var int64Value: Int64? {
    switch storage {
    case .integer(let value): value
    case .double(let value): value.magnitude <= 0x1p53 ? Self.exactInteger(value) : nil
    case .text: nil
    }
  }

  /// Equal by value; see the type.
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

  /// `Int64(exactly:)`, but without its call of `trunc`, which would need libm in every executable.
  private static func exactInteger(_ value: Double) -> Int64? {
    guard value >= -0x1p63, value < 0x1p63 else { return nil }
    let integer = Int64(value)
    return Double(integer) == value ? integer : nil
  }
}

/// Takes the text of a double as the standard library has it in a buffer on the stack: a `String` of it, usually too
/// long for the small form, would take as long as finding the digits.
private struct NumberOutput: TextOutputStream {
  var bytes: [UInt8]

  mutating func write(_ text: String) { bytes.append(utf8Of: text) }

  /// Requirement of the standard library's `TextOutputStream`. Were it no longer called, `write` would be.
  mutating func _writeASCII(_ text: UnsafeBufferPointer<UInt8>) {
    unsafe bytes.append(contentsOf: text)
  }
}

extension [UInt8] {
  /// Several times faster than appending a `UTF8View`, which is copied by a generic function.
  mutating func append(utf8Of text: String) {
    unsafe text.utf8.span.withUnsafeBufferPointer { unsafe append(contentsOf: $0) }
  }
}
