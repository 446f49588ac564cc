/// Wall time as RFC 3339 text with milliseconds, without Foundation.
///
/// The calendar arithmetic is Howard Hinnant's `civil_from_days`
/// (https://howardhinnant.github.io/date_algorithms.html), exact for every day of the Gregorian
/// calendar.
enum Timestamp {
  /// `2026-11-22T14:26:41.123Z` for a number of milliseconds since 1970.
  static func rfc3339(unixMilliseconds: Int64) -> String {
    let (days, millisecondsOfDay) = floorDivide(unixMilliseconds, 86_400_000)
    let (year, month, day) = civil(daysSince1970: days)
    let seconds = millisecondsOfDay / 1000
    return pad(year, 4) + "-" + pad(month, 2) + "-" + pad(day, 2) + "T"
      + pad(seconds / 3600, 2) + ":" + pad(seconds / 60 % 60, 2) + ":" + pad(seconds % 60, 2)
      + "." + pad(millisecondsOfDay % 1000, 3) + "Z"
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

  private static func pad(_ value: Int64, _ width: Int) -> String {
    let digits = String(value)
    return String(repeating: "0", count: max(0, width - digits.utf8.count)) + digits
  }
}
