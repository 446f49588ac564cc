import JSON
import Platform

/// Lambda's filter of a function's log, which there is only with the log format JSON: it drops lines below the
/// function's log level.
///
/// A line without JSON, or without a valid `level` and `timestamp`, counts as `INFO`.
/// Source: https://docs.aws.amazon.com/lambda/latest/dg/monitoring-cloudwatchlogs-log-level.html
struct LambdaLogFilter {
  /// Nil for the log format Text.
  private let minimumLevel: LogLevel?
  /// The beginning of a line.
  private var partial: [UInt8] = []

  /// - Parameter environment: the function's.
  init(environment: [String: String]) {
    guard environment["AWS_LAMBDA_LOG_FORMAT"]?.lowercased() == "json" else {
      minimumLevel = nil
      return
    }
    minimumLevel = environment["AWS_LAMBDA_LOG_LEVEL"].flatMap(LogLevel.init(name:)) ?? .info
  }

  /// The lines that pass, as soon as they are complete.
  mutating func passed(_ bytes: [UInt8]) -> [UInt8] {
    guard minimumLevel != nil else { return bytes }
    var passed: [UInt8] = []
    for part in bytes.split(separator: UInt8(ascii: "\n"), omittingEmptySubsequences: false)
      .dropLast()
    {
      let line = partial + part
      partial = []
      if passes(line) { passed += line + [UInt8(ascii: "\n")] }
    }
    partial += bytes[((bytes.lastIndex(of: UInt8(ascii: "\n")) ?? -1) + 1)...]
    return passed
  }

  /// The last line, if it has no end and passes.
  mutating func passedAtEnd() -> [UInt8] {
    defer { partial = [] }
    return passes(partial) ? partial : []
  }

  private func passes(_ line: [UInt8]) -> Bool { Self.level(of: line) >= minimumLevel ?? .trace }

  private static func level(of line: [UInt8]) -> LogLevel {
    guard let fields = try? JSONValue(parsing: line),
      let level = fields["level"]?.stringValue.flatMap(LogLevel.init(name:)),
      let timestamp = fields["timestamp"]?.stringValue,
      timestamp.wholeMatch(
        of: /\d{4}-\d\d-\d\d[Tt]\d\d:\d\d:\d\d(\.\d+)?([Zz]|[+-]\d\d:\d\d)/) != nil
    else { return .info }
    return level
  }
}
