import Foundation

/// When credentials expire, as AWS writes it: `2026-11-22T19:00:00Z` or `…+00:00`.
enum ExpirationTime {
  /// Milliseconds since 1970; nil for nil.
  ///
  /// - Throws: when it is not an ISO 8601 time: keys that expire at an unknown time would fail
  ///   later, without a reason.
  static func unixMilliseconds(
    _ text: String?, source: String
  ) throws(CredentialError) -> Int64? {
    guard let text else { return nil }
    let parsers: [Date.ISO8601FormatStyle] = [
      .iso8601, Date.ISO8601FormatStyle(includingFractionalSeconds: true),
    ]
    for parser in parsers {
      if let date = try? parser.parse(text) { return Int64(date.timeIntervalSince1970 * 1000) }
    }
    throw CredentialError(
      source: source, problem: "the expiration \(text) is not a time such as 2026-11-22T19:00:00Z")
  }
}
