/// Wall time as RFC 3339 text with milliseconds, without Foundation.
///
/// The calendar arithmetic is Howard Hinnant's `civil_from_days`
/// (https://howardhinnant.github.io/date_algorithms.html), exact for every day of the Gregorian
/// calendar.
enum Timestamp {
  /// `2026-11-22T14:26:41.123Z` for a number of milliseconds since 1970.
  static func rfc3339(unixMilliseconds: Int64) -> String {
    var text: [UInt8] = []
    append(unixMilliseconds: unixMilliseconds, to: &text)
    return String(decoding: text, as: UTF8.self)
  }

  /// Appends the same text as UTF-8.
  static func append(unixMilliseconds: Int64, to text: inout [UInt8]) {
    let (days, millisecondsOfDay) = floorDivide(unixMilliseconds, 86_400_000)
    let (year, month, day) = civil(daysSince1970: days)
    let seconds = millisecondsOfDay / 1000
    let parts: [(value: Int64, width: Int, separator: Unicode.Scalar)] = [
      (year, 4, "-"), (month, 2, "-"), (day, 2, "T"), (seconds / 3600, 2, ":"),
      (seconds / 60 % 60, 2, ":"), (seconds % 60, 2, "."), (millisecondsOfDay % 1000, 3, "Z"),
    ]
    for part in parts {
      pad(part.value, part.width, &text)
      text.append(UInt8(ascii: part.separator))
    }
  }

  private static func civil(daysSince1970: Int64) -> (year: Int64, month: Int64, day: Int64) {
    let (era, dayOfEra) = floorDivide(daysSince1970 + 719_468, 146_097)
    let yearOfEra =
      (dayOfEra - dayOfEra / 1460 + dayOfEra / 36_524 - dayOfEra / 146_096) / 365
    let dayOfYear = dayOfEra - (365 * yearOfEra + yearOfEra / 4 - yearOfEra / 100)
    let shiftedMonth = (5 * dayOfYear + 2) / 153
    let month = shiftedMonth < 10 ? shiftedMonth + 3 : shiftedMonth - 9
    let year = yearOfEra + era * 400 + (month <= 2 ? 1 : 0)
    return (year, month, dayOfYear - (153 * shiftedMonth + 2) / 5 + 1)
  }

  private static func floorDivide(_ value: Int64, _ divisor: Int64) -> (Int64, Int64) {
    let (quotient, remainder) = value.quotientAndRemainder(dividingBy: divisor)
    return remainder < 0 ? (quotient - 1, remainder + divisor) : (quotient, remainder)
  }

  private static func pad(_ value: Int64, _ width: Int, _ text: inout [UInt8]) {
    // Most parts.
    if width == 2 {
      text.append(UInt8(ascii: "0") + UInt8(value / 10))
      text.append(UInt8(ascii: "0") + UInt8(value % 10))
      return
    }
    var divisor: Int64 = 1
    for _ in 1..<width { divisor *= 10 }
    // A year of five digits is written in full.
    while value / divisor >= 10 { divisor *= 10 }
    while divisor > 0 {
      text.append(UInt8(ascii: "0") + UInt8(value / divisor % 10))
      divisor /= 10
    }
  }
}
