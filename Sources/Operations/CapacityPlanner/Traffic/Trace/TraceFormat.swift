/// What a person says of a trace file; what is not said is seen from the file.
package struct TraceFormat: Sendable, Hashable {
  /// The times' column, a name of the header or a number from 1 on; the first when nil. Given alone, the file has
  /// arrival times, however many columns it has.
  package var column: String?
  /// The counts' column; given, the file has counts per bin.
  package var countColumn: String?
  /// The bins' width; given, the file has counts per bin. Nil takes the smallest distance of two times.
  package var binWidth: Duration?
  /// Goes on without bad rows instead of failing.
  package var skipsBadRows: Bool

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
    return column == nil ? nil : false
  }
}

/// The unit of a trace's times, decided by its first row and kept.
enum TraceClock: Sendable {
  case date, seconds, unixSeconds, unixMilliseconds

  /// A number below 100 million (three years) counts from the trace's start, below 100 billion are seconds since 1970.
  init?(_ text: UnsafeBufferPointer<UInt8>) {
    if let number = DecimalText.millionths(text) {
      let size = number.magnitude / 1_000_000
      self =
        size < 100_000_000 ? .seconds : size < 100_000_000_000 ? .unixSeconds : .unixMilliseconds
    } else if ISODate.microseconds(text) != nil {
      self = .date
    } else {
      return nil
    }
  }

  var isSinceStart: Bool { self == .seconds }

  /// In this unit; nil when the text is of another kind.
  func microseconds(_ text: UnsafeBufferPointer<UInt8>) -> Microseconds? {
    switch self {
    case .date: ISODate.microseconds(text)
    case .seconds, .unixSeconds: DecimalText.millionths(text)
    case .unixMilliseconds: DecimalText.millionths(text).map { $0 / 1000 }
    }
  }

  /// For a notice and for bad rows.
  var name: String {
    switch self {
    case .date: "an ISO date"
    case .seconds: "a number of seconds"
    case .unixSeconds: "seconds since 1970"
    case .unixMilliseconds: "milliseconds since 1970"
    }
  }
}
