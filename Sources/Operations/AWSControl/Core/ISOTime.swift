/// Times as AWS writes them in XML: `2026-11-23T10:00:00Z`, `2026-11-23T10:00:00.123Z`.
package enum ISOTime {
  /// Milliseconds since 1970; nil for anything but a time in UTC of this form.
  package static func unixMilliseconds(_ text: some StringProtocol) -> Int64? {
    let bytes = Array(text.utf8)
    guard bytes.count >= 20, bytes.last == UInt8(ascii: "Z"), hasSeparators(bytes),
      let year = number(bytes[0..<4]), let month = number(bytes[5..<7]),
      let day = number(bytes[8..<10]), let hour = number(bytes[11..<13]),
      let minute = number(bytes[14..<16]), let second = number(bytes[17..<19]),
      (1...12).contains(month), (1...31).contains(day), hour < 24, minute < 60, second <= 60,
      let fraction = milliseconds(bytes[19..<(bytes.count - 1)])
    else { return nil }
    let days = daysSince1970(year, month, day)
    // A day beyond the month's end is one of the next month.
    guard day <= 28 || days < firstDay(behind: month, of: year) else { return nil }
    return ((days * 24 + hour) * 60 + minute) * 60_000 + second * 1000 + fraction
  }

  private static func hasSeparators(_ bytes: [UInt8]) -> Bool {
    zip([4, 7, 10, 13, 16], "--T::".utf8).allSatisfy { bytes[$0] == $1 }
  }

  private static func number(_ digits: ArraySlice<UInt8>) -> Int64? {
    var value: Int64 = 0
    for digit in digits {
      guard (0x30...0x39).contains(digit) else { return nil }
      value = value * 10 + Int64(digit - 0x30)
    }
    return value
  }

  /// 123 of `.123` and of `.123456`; 0 of nothing.
  private static func milliseconds(_ fraction: ArraySlice<UInt8>) -> Int64? {
    guard let point = fraction.first else { return 0 }
    guard point == UInt8(ascii: "."), fraction.count > 1 else { return nil }
    let padded = Array(fraction.dropFirst()) + [0x30, 0x30]
    return number(fraction.dropFirst()) == nil ? nil : number(padded[..<3])
  }

  private static func firstDay(behind month: Int64, of year: Int64) -> Int64 {
    month == 12 ? daysSince1970(year + 1, 1, 1) : daysSince1970(year, month + 1, 1)
  }

  /// Howard Hinnant's `days_from_civil` (https://howardhinnant.github.io/date_algorithms.html).
  private static func daysSince1970(_ year: Int64, _ month: Int64, _ day: Int64) -> Int64 {
    let shifted = month <= 2 ? year - 1 : year
    let era = shifted / 400
    let yearOfEra = shifted - era * 400
    let dayOfYear = (153 * (month + (month > 2 ? -3 : 9)) + 2) / 5 + day - 1
    let dayOfEra = yearOfEra * 365 + yearOfEra / 4 - yearOfEra / 100 + dayOfYear
    return era * 146_097 + dayOfEra - 719_468
  }
}
