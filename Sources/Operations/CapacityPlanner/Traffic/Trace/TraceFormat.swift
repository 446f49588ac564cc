/// What a person says of a trace file; what is not said is seen from the file.
package struct TraceFormat: Sendable, Hashable {
  /// The times' column, a name of the header or a number from 1 on; the first when nil. Given alone, the file has
  /// arrival times, however many columns it has.
  package var column: String?
  /// The counts' column; given, the file has counts per bin.
  package var countColumn: String?
  /// The bins' width; given, the file has counts per bin. Nil takes the smallest distance of two times.
  package var binWidth: Duration?
  /// Skips bad rows instead of failing.
  package var skipsBadRows: Bool
  /// Each row is known to be one request.
  var isEventPerRow = false

  /// Nothing said: see the properties.
  package init(
    column: String? = nil, countColumn: String? = nil, binWidth: Duration? = nil,
    skipsBadRows: Bool = false
  ) {
    self.column = column
    self.countColumn = countColumn
    self.binWidth = binWidth
    self.skipsBadRows = skipsBadRows
  }

  /// Whether it is said to be counts, or arrival times; nil leaves it to the file.
  var isCounts: Bool? {
    if countColumn != nil || binWidth != nil { return true }
    if isEventPerRow { return false }
    return column == nil ? nil : false
  }
}

/// The unit of a trace's times, and whether its dates state an offset, decided by its first row; a row of another unit
/// is a bad row.
enum TraceClock: Sendable {
  case date, dateWithoutOffset, seconds, unixSeconds, unixMilliseconds, unixMicroseconds,
    unixNanoseconds

  /// A number below 100 million (three years) counts from the trace's start, below 100 billion are seconds since 1970,
  /// and so on by thousands.
  init?(_ text: UnsafeBufferPointer<UInt8>) {
    if let clock = Self.ofLongNumber(text) {
      self = clock
    } else if let number = DecimalText.millionths(text) {
      let size = number.magnitude / 1_000_000
      self =
        size < 100_000_000 ? .seconds : size < 100_000_000_000 ? .unixSeconds : .unixMilliseconds
    } else if let date = ISODate.read(text) {
      self = date.hasOffset ? .date : .dateWithoutOffset
    } else {
      return nil
    }
  }

  /// Sixteen and nineteen digits, which do not fit the usual reading.
  private static func ofLongNumber(_ text: UnsafeBufferPointer<UInt8>) -> TraceClock? {
    guard text.allSatisfy(DecimalText.isDigit) else { return nil }
    return text.count == 16 ? .unixMicroseconds : text.count == 19 ? .unixNanoseconds : nil
  }

  var isSinceStart: Bool { self == .seconds }
  var isDate: Bool { self == .date || self == .dateWithoutOffset }

  /// In this unit; nil when the text is of another one.
  func microseconds(_ text: UnsafeBufferPointer<UInt8>) -> Microseconds? {
    guard TraceClock(text) == self else { return nil }
    switch self {
    case .date, .dateWithoutOffset: return ISODate.microseconds(text)
    case .seconds, .unixSeconds: return DecimalText.millionths(text)
    case .unixMilliseconds: return DecimalText.millionths(text).map { $0 / 1000 }
    case .unixMicroseconds: return Int64(String(decoding: text, as: UTF8.self))
    case .unixNanoseconds: return Int64(String(decoding: text, as: UTF8.self)).map { $0 / 1000 }
    }
  }

  /// For a notice and for bad rows.
  var name: String {
    switch self {
    case .date, .dateWithoutOffset: "an ISO date"
    case .seconds: "a number of seconds"
    case .unixSeconds: "seconds since 1970"
    case .unixMilliseconds: "milliseconds since 1970"
    case .unixMicroseconds: "microseconds since 1970"
    case .unixNanoseconds: "nanoseconds since 1970"
    }
  }
}
