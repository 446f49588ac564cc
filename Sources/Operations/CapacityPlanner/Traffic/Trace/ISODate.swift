/// Moments in the forms of ISO 8601: calendar dates (`2026-11-22`), ordinal dates (`2026-326`), week dates
/// (`2026-W47-7`), each with or without a time (`T18:15:46.68Z`, a space instead of the T, hours alone, a comma instead
/// of the point) and with or without an offset (`Z`, `+01`, `+0100`, `+01:00`); also the basic form
/// `20261122T181546Z` and `2026/11/22`; and the dates of nginx's and Apache's logs, `22/Nov/2026:18:15:46 +0100`.
/// Without an offset it is UTC.
struct ISODate {
  private let text: UnsafeBufferPointer<UInt8>
  private var at = 0
  /// Whether the text states its offset.
  private var hasOffset = false
  /// Whether it is a date of an access log, whose time follows a colon.
  private var isOfLog = false

  private init(_ text: UnsafeBufferPointer<UInt8>) { self.text = text }

  /// Microseconds since 1970, UTC; nil for anything else.
  static func microseconds(_ text: UnsafeBufferPointer<UInt8>) -> Microseconds? {
    read(text)?.microseconds
  }

  /// The same, and whether the text states its offset from UTC.
  static func read(
    _ text: UnsafeBufferPointer<UInt8>
  ) -> (microseconds: Microseconds, hasOffset: Bool)? {
    var date = ISODate(text)
    guard let days = date.readDate() else { return nil }
    var time: Microseconds = 0
    if date.at < text.count {
      let isSeparated =
        date.isOfLog ? date.accept(":") : date.accept("T") || date.accept("t") || date.accept(" ")
      guard isSeparated, let ofDay = date.readTime(),
        let offset = date.readOffset(), date.at == text.count
      else { return nil }
      time = ofDay - offset
    }
    return (Microseconds(days) * 86_400 * .second + time, date.hasOffset)
  }

  private mutating func accept(_ character: Unicode.Scalar) -> Bool {
    guard at < text.count, text[at] == UInt8(ascii: character) else { return false }
    at += 1
    return true
  }

  private mutating func digits(_ count: Int) -> Int? {
    guard at + count <= text.count else { return nil }
    var value = 0
    for index in at..<at + count {
      guard DecimalText.isDigit(text[index]) else { return nil }
      value = value * 10 + Int(text[index] - UInt8(ascii: "0"))
    }
    at += count
    return value
  }

  private var digitsAhead: Int {
    var end = at
    while end < text.count, DecimalText.isDigit(text[end]) { end += 1 }
    return end - at
  }

  /// Days since 1970.
  private mutating func readDate() -> Int? {
    if digitsAhead == 2 { return readDateOfLog() }
    guard let year = digits(4), year > 0 else { return nil }
    // The CloudWatch console writes 2026/11/22.
    if accept("/") { return readSlashed(year) }
    let isExtended = accept("-")
    if accept("W") { return readWeek(year, isExtended) }
    // 326 is the day of the year; 11-22 or 1122 are month and day.
    if digitsAhead == 3 {
      guard let day = digits(3), (1...(Self.isLeap(year) ? 366 : 365)).contains(day) else {
        return nil
      }
      return Self.days(year, 1, 1) + day - 1
    }
    guard let month = digits(2), (1...12).contains(month), !isExtended || accept("-"),
      let day = digits(2), (1...Self.length(of: month, year)).contains(day)
    else { return nil }
    return Self.days(year, month, day)
  }

  private mutating func readSlashed(_ year: Int) -> Int? {
    guard let month = digits(2), (1...12).contains(month), accept("/"), let day = digits(2),
      (1...Self.length(of: month, year)).contains(day)
    else { return nil }
    return Self.days(year, month, day)
  }

  private static let months = [
    "Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec",
  ]

  private mutating func readDateOfLog() -> Int? {
    isOfLog = true
    guard let day = digits(2), accept("/"), at + 3 <= text.count else { return nil }
    let name = String(decoding: text[at..<at + 3], as: UTF8.self)
    at += 3
    guard let index = Self.months.firstIndex(of: name), accept("/"), let year = digits(4),
      year > 0, (1...Self.length(of: index + 1, year)).contains(day)
    else { return nil }
    return Self.days(year, index + 1, day)
  }

  private mutating func readWeek(_ year: Int, _ isExtended: Bool) -> Int? {
    guard let week = digits(2), (1...53).contains(week) else { return nil }
    var day = 1
    if isExtended ? accept("-") : digitsAhead > 0 {
      guard let given = digits(1), (1...7).contains(given) else { return nil }
      day = given
    }
    // Week 1 has January 4; 1970-01-01 was a Thursday, day 4.
    let fourth = Self.days(year, 1, 4)
    let weekday = (fourth + 3) % 7
    return fourth - (weekday < 0 ? weekday + 7 : weekday) + (week - 1) * 7 + day - 1
  }

  /// Microseconds of the day; 24:00 and a leap second are the moment that follows.
  private mutating func readTime() -> Microseconds? {
    guard let hour = digits(2), hour <= 24 else { return nil }
    var (minute, second) = (0, 0)
    let isExtended = accept(":")
    if isExtended || digitsAhead > 0 {
      guard let given = digits(2), given <= 59 else { return nil }
      minute = given
      if isExtended ? accept(":") : digitsAhead > 0 {
        guard let given = digits(2), given <= 60 else { return nil }
        second = given
      }
    }
    var time = Microseconds(hour * 3600 + minute * 60 + second) * .second
    if accept(".") || accept(",") {
      guard digitsAhead > 0 else { return nil }
      var unit = Microseconds.second
      while digitsAhead > 0, let digit = digits(1) {
        unit /= 10
        time += Microseconds(digit) * unit
      }
    }
    return time <= 86_400 * .second ? time : nil
  }

  private mutating func readOffset() -> Microseconds? {
    if at == text.count { return 0 }
    hasOffset = true
    if accept("Z") || accept("z") { return 0 }
    _ = accept(" ")
    let isWest = accept("-")
    guard isWest || accept("+"), let hours = digits(2), hours <= 23 else { return nil }
    var minutes = 0
    if accept(":") || digitsAhead > 0 {
      guard let given = digits(2), given <= 59 else { return nil }
      minutes = given
    }
    return Microseconds((hours * 60 + minutes) * (isWest ? -1 : 1)) * .minute
  }

  private static func isLeap(_ year: Int) -> Bool {
    year % 4 == 0 && (year % 100 != 0 || year % 400 == 0)
  }

  private static func length(of month: Int, _ year: Int) -> Int {
    month == 2 ? (isLeap(year) ? 29 : 28) : [4, 6, 9, 11].contains(month) ? 30 : 31
  }

  /// Days since 1970-01-01 of the proleptic Gregorian calendar, with years that begin in March:
  /// <https://howardhinnant.github.io/date_algorithms.html#days_from_civil>.
  private static func days(_ year: Int, _ month: Int, _ day: Int) -> Int {
    let shifted = month <= 2 ? year - 1 : year
    let era = shifted / 400
    let yearOfEra = shifted - era * 400
    let dayOfYear = (153 * (month + (month > 2 ? -3 : 9)) + 2) / 5 + day - 1
    let dayOfEra = yearOfEra * 365 + yearOfEra / 4 - yearOfEra / 100 + dayOfYear
    return era * 146_097 + dayOfEra - 719_468
  }
}
