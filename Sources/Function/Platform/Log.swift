/// How important a log line is, in the words of Lambda's `AWS_LAMBDA_LOG_LEVEL`.
public enum LogLevel: Int, Sendable, Comparable, CaseIterable {
  case trace, debug, info, warn, error, fatal

  /// Reads `AWS_LAMBDA_LOG_LEVEL`; nil for a word that Lambda does not know.
  public init?(name: String) {
    guard let level = Self.allCases.first(where: { $0.name == name.uppercased() }) else {
      return nil
    }
    self = level
  }

  /// The name as it stands in a log line.
  public var name: String {
    switch self {
    case .trace: "TRACE"
    case .debug: "DEBUG"
    case .info: "INFO"
    case .warn: "WARN"
    case .error: "ERROR"
    case .fatal: "FATAL"
    }
  }

  /// Less important first.
  public static func < (left: LogLevel, right: LogLevel) -> Bool { left.rawValue < right.rawValue }
}

/// Log lines as Lambda wants them: one line a record, plain or JSON after `AWS_LAMBDA_LOG_FORMAT`.
///
/// Plain: time, request id, level and message, separated by tabs as in AWS's own runtimes; a line
/// break inside the text is written as `\n` (see `VisibleText`). JSON: `timestamp`, `level`, `requestId`, `message`.
/// Payloads and secrets are never passed to it.
/// See https://docs.aws.amazon.com/lambda/latest/dg/monitoring-cloudwatchlogs-logformat.html
public struct Log: Sendable {
  private let usesJSON: Bool
  private let minimumLevel: LogLevel
  private let clock: Clock
  private let write: @Sendable ([UInt8]) -> Void
  /// The invocation that lines belong to; nil outside an invocation.
  public var requestID: String?

  /// A log configured by the environment, `INFO` and plain unless it says otherwise.
  ///
  /// - Parameter write: takes each finished line with its line break; standard error by default.
  public init(
    environment: Environment, clock: Clock = .system,
    write: @escaping @Sendable ([UInt8]) -> Void = Log.writeToStandardError
  ) {
    usesJSON = environment["AWS_LAMBDA_LOG_FORMAT"]?.lowercased() == "json"
    minimumLevel = environment["AWS_LAMBDA_LOG_LEVEL"].flatMap(LogLevel.init(name:)) ?? .info
    self.clock = clock
    self.write = write
  }

  /// The same log for the lines of one invocation.
  public func forRequest(_ requestID: String) -> Log {
    var copy = self
    copy.requestID = requestID
    return copy
  }

  /// For whoever debugs: a retry's reason, a check that was skipped.
  public func debug(_ message: @autoclosure () -> String) { record(.debug, message) }
  /// What was done.
  public func info(_ message: @autoclosure () -> String) { record(.info, message) }
  /// Something odd that was dealt with.
  public func warn(_ message: @autoclosure () -> String) { record(.warn, message) }
  /// Something failed.
  public func error(_ message: @autoclosure () -> String) { record(.error, message) }
  /// The process ends.
  public func fatal(_ message: @autoclosure () -> String) { record(.fatal, message) }

  /// Writes a line that is formatted already and ends in a line break, whatever the level: metrics.
  public func writeLine(_ line: [UInt8]) { write(line) }

  private func record(_ level: LogLevel, _ message: () -> String) {
    guard level >= minimumLevel else { return }
    let time = clock.unixMilliseconds()
    write(usesJSON ? jsonLine(time, level, message()) : plainLine(time, level, message()))
  }

  private func plainLine(_ time: Int64, _ level: LogLevel, _ message: String) -> [UInt8] {
    var line: [UInt8] = []
    line.reserveCapacity(96 + message.utf8.count)
    Timestamp.append(unixMilliseconds: time, to: &line)
    line.append(UInt8(ascii: "\t"))
    VisibleText.append(requestID ?? "-", to: &line, as: .line)
    line.append(UInt8(ascii: "\t"))
    line += level.name.utf8
    line.append(UInt8(ascii: "\t"))
    VisibleText.append(message, to: &line, as: .line)
    line.append(UInt8(ascii: "\n"))
    return line
  }

  private func jsonLine(_ time: Int64, _ level: LogLevel, _ message: String) -> [UInt8] {
    var line = Array("{\"timestamp\":\"".utf8)
    line.reserveCapacity(160 + message.utf8.count)
    Timestamp.append(unixMilliseconds: time, to: &line)
    line += "\",\"level\":\"\(level.name)\"".utf8
    if let requestID {
      line += Array(",\"requestId\":\"".utf8)
      VisibleText.append(requestID, to: &line, as: .jsonString)
      line.append(UInt8(ascii: "\""))
    }
    line += Array(",\"message\":\"".utf8)
    VisibleText.append(message, to: &line, as: .jsonString)
    line += Array("\"}\n".utf8)
    return line
  }

  /// Writes one line to standard error; nobody is left to report a failure to.
  public static let writeToStandardError: @Sendable ([UInt8]) -> Void = { line in
    try? StandardStream.error.write(line)
  }
}
