/// The signing time of a request, in whole seconds, with calendar arithmetic independent of any
/// library.
///
/// Times outside the years 0000 to 9999 are clamped.
public struct SigningTime: Sendable, Equatable, Hashable {
  private static let earliest: Int64 = -62_167_219_200  // 0000-01-01T00:00:00Z
  private static let latest: Int64 = 253_402_300_799  // 9999-12-31T23:59:59Z

  /// Seconds since 1970-01-01T00:00:00Z, without leap seconds.
  public let unixSeconds: Int64

  public init(unixSeconds: Int64) {
    self.unixSeconds = min(max(unixSeconds, Self.earliest), Self.latest)
  }

  /// Reads exactly the form `20150830T123600Z`: 16 characters, a valid day, no leap second.
  public init?(_ iso8601Basic: String) {
    let text = Array(iso8601Basic.utf8)
    guard text.count == 16, text[8] == UInt8(ascii: "T"), text[15] == UInt8(ascii: "Z"),
      let year = Self.number(text[0..<4]), let month = Self.number(text[4..<6]),
      let day = Self.number(text[6..<8]), let hour = Self.number(text[9..<11]),
      let minute = Self.number(text[11..<13]), let second = Self.number(text[13..<15]),
      (1...12).contains(month), (1...Self.days(inMonth: month, of: year)).contains(day),
      hour < 24, minute < 60, second < 60
    else { return nil }
    let days = Self.daysSince1970(year: year, month: month, day: day)
    self.init(unixSeconds: Int64(days) * 86_400 + Int64(hour * 3_600 + minute * 60 + second))
  }

  /// Reads `2015-08-30T12:36:00Z` (RFC 3339), optionally with a fraction, which is dropped, and an
  /// offset such as `+02:00`.
  public init?(rfc3339: String) {
    let text = Array(rfc3339.utf8)
    guard text.count >= 20, text[4] == UInt8(ascii: "-"), text[7] == UInt8(ascii: "-"),
      text[13] == UInt8(ascii: ":"), text[16] == UInt8(ascii: ":"),
      let local = SigningTime(
        String(
          decoding: text[..<19].filter { !Self.isMark($0) } + [UInt8(ascii: "Z")], as: UTF8.self))
    else { return nil }
    var zone = text[19...]
    if zone.first == UInt8(ascii: ".") { zone = zone.dropFirst().drop { ASCII.digit($0) != nil } }
    guard let offset = Self.offsetSeconds(zone) else { return nil }
    self.init(unixSeconds: local.unixSeconds - offset)
  }

  private static func isMark(_ byte: UInt8) -> Bool {
    byte == UInt8(ascii: "-") || byte == UInt8(ascii: ":")
  }

  /// `Z`, or an offset such as `-08:00`.
  private static func offsetSeconds(_ zone: ArraySlice<UInt8>) -> Int64? {
    if zone.elementsEqual("Z".utf8) { return 0 }
    let zone = Array(zone)
    guard zone.count == 6, zone[3] == UInt8(ascii: ":"), let hours = number(zone[1..<3]),
      let minutes = number(zone[4..<6]), hours < 24, minutes < 60
    else { return nil }
    let seconds = Int64(hours * 3_600 + minutes * 60)
    switch zone[0] {
    case UInt8(ascii: "+"): return seconds
    case UInt8(ascii: "-"): return -seconds
    default: return nil
    }
  }

  /// `20150830`: the day of the credential scope.
  public var dateStamp: String { String(decoding: text.prefix(8), as: UTF8.self) }

  /// `20150830T123600Z`: the value of `X-Amz-Date`.
  public var amzDate: String { String(decoding: text, as: UTF8.self) }

  /// Days since 1970. A derived key is valid for one day.
  var day: Int64 { Self.floorDivide(unixSeconds, 86_400) }

  private var text: [UInt8] {
    let (year, month, dayOfMonth) = Self.civil(daysSince1970: Int(day))
    let second = Int(unixSeconds - day * 86_400)
    var text: [UInt8] = []
    text.reserveCapacity(16)
    Self.append(year, digits: 4, to: &text)
    Self.append(month, digits: 2, to: &text)
    Self.append(dayOfMonth, digits: 2, to: &text)
    text.append(UInt8(ascii: "T"))
    Self.append(second / 3_600, digits: 2, to: &text)
    Self.append(second / 60 % 60, digits: 2, to: &text)
    Self.append(second % 60, digits: 2, to: &text)
    text.append(UInt8(ascii: "Z"))
    return text
  }
}

// The two conversions are Howard Hinnant's, with the year beginning on 1 March so that the leap day
// is the last: https://howardhinnant.github.io/date_algorithms.html
extension SigningTime {
  private static func civil(daysSince1970 days: Int) -> (year: Int, month: Int, day: Int) {
    let shifted = days + 719_468  // since 0000-03-01
    let era = Int(floorDivide(Int64(shifted), 146_097))  // 400 years
    let dayOfEra = shifted - era * 146_097
    let yearOfEra = (dayOfEra - dayOfEra / 1_460 + dayOfEra / 36_524 - dayOfEra / 146_096) / 365
    let dayOfYear = dayOfEra - (365 * yearOfEra + yearOfEra / 4 - yearOfEra / 100)
    let shiftedMonth = (5 * dayOfYear + 2) / 153
    let day = dayOfYear - (153 * shiftedMonth + 2) / 5 + 1
    let month = shiftedMonth < 10 ? shiftedMonth + 3 : shiftedMonth - 9
    return (yearOfEra + era * 400 + (month <= 2 ? 1 : 0), month, day)
  }

  private static func daysSince1970(year: Int, month: Int, day: Int) -> Int {
    let shiftedYear = month <= 2 ? year - 1 : year
    let era = Int(floorDivide(Int64(shiftedYear), 400))
    let yearOfEra = shiftedYear - era * 400
    let dayOfYear = (153 * (month > 2 ? month - 3 : month + 9) + 2) / 5 + day - 1
    let dayOfEra = yearOfEra * 365 + yearOfEra / 4 - yearOfEra / 100 + dayOfYear
    return era * 146_097 + dayOfEra - 719_468
  }

  private static func days(inMonth month: Int, of year: Int) -> Int {
    switch month {
    case 4, 6, 9, 11: 30
    case 2: year % 4 == 0 && (year % 100 != 0 || year % 400 == 0) ? 29 : 28
    default: 31
    }
  }

  private static func floorDivide(_ value: Int64, _ divisor: Int64) -> Int64 {
    let (quotient, remainder) = value.quotientAndRemainder(dividingBy: divisor)
    return remainder < 0 ? quotient - 1 : quotient
  }

  private static func number(_ digits: ArraySlice<UInt8>) -> Int? {
    var value = 0
    for byte in digits {
      guard let digit = ASCII.digit(byte) else { return nil }
      value = value * 10 + digit
    }
    return value
  }

  private static func append(_ value: Int, digits: Int, to text: inout [UInt8]) {
    var divisor = 1
    for _ in 1..<digits { divisor *= 10 }
    for _ in 0..<digits {
      text.append(UInt8(ascii: "0") + UInt8(value / divisor % 10))
      divisor /= 10
    }
  }
}
