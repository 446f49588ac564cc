import Foundation

/// Durations as people write them: `120ms`, `1.5s`, `5m`, `2h`, `1d`, `250us`.
package enum DurationText {
  private static let units: [(name: String, seconds: Double)] = [
    ("ms", 1e-3), ("us", 1e-6), ("µs", 1e-6), ("s", 1), ("m", 60), ("min", 60), ("h", 3600),
    ("d", 86_400),
  ]

  /// A number and its unit; nil for anything else, a negative one, or a number alone.
  package static func duration(_ text: String) -> Duration? {
    let trimmed = text.trimmingCharacters(in: .whitespaces)
    let number = trimmed.prefix { $0.isNumber || $0 == "." || $0 == "e" || $0 == "-" || $0 == "+" }
    let unit = trimmed.dropFirst(number.count).trimmingCharacters(in: .whitespaces)
    guard let value = Double(number), value >= 0, value.isFinite,
      let factor = units.first(where: { $0.name == unit })?.seconds, value * factor < 1e10
    else { return nil }
    return .microseconds(Int64((value * factor * 1e6).rounded()))
  }

  /// Shortest in the largest unit that keeps it whole or nearly so: `120 ms`, `1.5 s`, `5 min`, `24 h`.
  package static func text(_ duration: Duration) -> String {
    let seconds = duration.inSeconds
    if seconds >= 2 * 86_400 { return "\(number(seconds / 86_400, 1)) days" }
    for (unit, size) in [("h", 3600.0), ("min", 60)]
    where seconds >= size && seconds.truncatingRemainder(dividingBy: size) == 0 {
      return "\(Int(seconds / size)) \(unit)"
    }
    if seconds >= 7200 { return "\(number(seconds / 3600, 1)) h" }
    if seconds >= 120 { return "\(number(seconds / 60, 1)) min" }
    if seconds >= 10 { return "\(number(seconds, 1)) s" }
    if seconds >= 1 { return "\(number(seconds, 2)) s" }
    return seconds >= 0.001 || seconds == 0
      ? "\(number(seconds * 1e3, seconds < 0.01 ? 2 : 1)) ms" : "\(number(seconds * 1e6, 0)) µs"
  }

  private static func number(_ value: Double, _ decimals: Int) -> String {
    let scale = pow(10, Double(decimals))
    let rounded = (value * scale).rounded() / scale
    return rounded == rounded.rounded() ? "\(Int(rounded))" : "\(rounded)"
  }
}

extension DurationModel {
  /// Measured durations, one per line, the first column of a CSV file: `12.5 ms`, `0.3s`, or a number alone, which
  /// are milliseconds as Lambda and CloudWatch report them. A header is left out.
  ///
  /// - Throws: ``DurationFileError`` with the lines that are not a duration.
  package init(contentsOf url: URL) throws {
    let data = try FileContents.read(url)
    self = .samples(
      try data.withUnsafeBytes { try Self.samples($0.bindMemory(to: UInt8.self)) })
  }

  private static func samples(_ bytes: UnsafeBufferPointer<UInt8>) throws -> [Duration] {
    var rows = TraceRows(bytes, delimiter: TraceRows.delimiter(of: bytes))
    var samples: [Duration] = []
    var bad: [BadRow] = []
    var badCount = 0
    var isFirst = true
    while rows.next() {
      defer { isFirst = false }
      if let number = rows.field(0).flatMap({ DecimalText.millionths($0) }), number >= 0 {
        samples.append(.microseconds(number / 1000))
      } else if let duration = DurationText.duration(rows.text(0)) {
        samples.append(duration)
      } else if !isFirst {
        badCount += 1
        if bad.count < BadRow.kept {
          bad.append(BadRow(line: rows.line, reason: "\"\(rows.text(0))\" is not a duration"))
        }
      }
    }
    guard badCount == 0 else { throw DurationFileError(badRows: bad, count: badCount) }
    guard !samples.isEmpty else { throw DurationFileError(badRows: [], count: 0) }
    return samples
  }
}

/// A file of durations that cannot be used.
package struct DurationFileError: Error, Equatable, CustomStringConvertible {
  /// The first lines that are not a duration; none when the file has no durations at all.
  package let badRows: [BadRow]
  package let count: Int

  /// What is wrong, for a person.
  package var description: String {
    count == 0
      ? "it has no durations: write one per line, for example 12.5 ms"
      : "\(count) bad \(count == 1 ? "line" : "lines")\n" + BadRow.list(badRows, of: count)
  }
}
