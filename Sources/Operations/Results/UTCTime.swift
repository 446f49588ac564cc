import AWSControl
import Foundation

/// Times of results as text.
package enum UTCTime {
  /// `2026-11-23T10:00:00.000Z`
  package static func text(unixMilliseconds: Int64) -> String {
    Date(timeIntervalSince1970: Double(unixMilliseconds) / 1000)
      .formatted(Date.ISO8601FormatStyle(includingFractionalSeconds: true))
  }

  /// `2026-11-23`
  package static func day(daysSince1970 days: Int64) -> String {
    Date(timeIntervalSince1970: Double(days) * 86_400).formatted(
      .iso8601.year().month().day())
  }

  package static func unixMilliseconds(_ text: String) -> Int64? { ISOTime.unixMilliseconds(text) }

  /// A time (`2026-11-23T10:00:00Z`), a day (`2026-11-23`, its beginning in UTC), or a time ago (`24h`, `7d`, `30m`).
  package static func unixMilliseconds(_ text: String, now: Int64) -> Int64? {
    if let time = ISOTime.unixMilliseconds(text) { return time }
    if text.utf8.count == 10, let day = ISOTime.unixMilliseconds(text + "T00:00:00Z") { return day }
    let units: [Character: Int64] = ["m": 60_000, "h": 3_600_000, "d": 86_400_000]
    guard let unit = text.last.flatMap({ units[$0] }), let count = Int64(text.dropLast()),
      (0...1_000_000).contains(count)
    else { return nil }
    return now - count * unit
  }
}
