/// The severity of a log line, named as in Lambda's `AWS_LAMBDA_LOG_LEVEL`.
public enum LogLevel: Int, Sendable, Comparable, CaseIterable {
  case trace, debug, info, warn, error, fatal

  /// Reads `AWS_LAMBDA_LOG_LEVEL`; nil for a name that Lambda does not define.
  public init?(name: String) {
    guard let level = Self.allCases.first(where: { $0.name == name.uppercased() }) else {
      return nil
    }
    self = level
  }

  /// The name as written in a log line.
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

  /// From `trace`, the least severe, to `fatal`.
  public static func < (left: LogLevel, right: LogLevel) -> Bool { left.rawValue < right.rawValue }
}

/// Log lines in Lambda's formats: one line per record, plain text or JSON as set by
/// `AWS_LAMBDA_LOG_FORMAT`.
///
/// Plain: time, request ID, level, and message, separated by tabs as in AWS's own runtimes; a line
/// break inside the text is written as `\n` (see `VisibleText`). JSON: `timestamp`, `level`,
/// `requestId`, `message`. Never log payloads or secrets.
/// See https://docs.aws.amazon.com/lambda/latest/dg/monitoring-cloudwatchlogs-logformat.html
public struct Log: Sendable {
  private let usesJSON: Bool
  private let minimumLevel: LogLevel
  private let clock: Clock
  private let write: @Sendable ([UInt8]) -> Void
  /// What keeps secrets out of every line; also for everything else that leaves the process.
  public let redaction: Redaction
  /// Nil outside an invocation.
  public var requestID: String?
  /// The tenant of the invocation, for functions with tenant isolation.
  public var tenantID: String?

  /// A log configured by the environment; the defaults are `INFO` and plain text.
  ///
  /// - Parameter write: receives complete lines with their line breaks; the default writes to
  ///   standard error.
  public init(
    environment: Environment, clock: Clock = .system,
    write: @escaping @Sendable ([UInt8]) -> Void = Log.writeToStandardError
  ) {
    usesJSON = environment["AWS_LAMBDA_LOG_FORMAT"]?.lowercased() == "json"
    minimumLevel = environment["AWS_LAMBDA_LOG_LEVEL"].flatMap(LogLevel.init(name:)) ?? .info
    self.clock = clock
    self.write = write
    redaction = Redaction(environment: environment)
  }

  /// A copy for the lines of one invocation.
  public func forRequest(_ requestID: String, tenantID: String? = nil) -> Log {
    var copy = self
    copy.requestID = requestID
    copy.tenantID = tenantID
    return copy
  }

  /// Details for debugging, such as a check that was skipped.
  public func debug(_ message: @autoclosure () -> String) { record(.debug, message) }
  /// Normal operation.
  public func info(
    _ message: @autoclosure () -> String, _ fields: @autoclosure () -> LogFields = .none
  ) {
    record(.info, message, fields)
  }
  /// An unusual condition that was handled, such as a retry.
  public func warn(_ message: @autoclosure () -> String, _ fields: LogFields = .none) {
    record(.warn, message) { fields }
  }
  /// An invocation, or a part of it, failed.
  public func error(_ message: @autoclosure () -> String, _ fields: LogFields = .none) {
    record(.error, message) { fields }
  }
  /// The process is about to exit.
  public func fatal(_ message: @autoclosure () -> String, _ fields: LogFields = .none) {
    record(.fatal, message) { fields }
  }

  /// The line about normal operation, for `write(lines:)`; empty where the level filters it.
  public func infoLine(
    _ message: @autoclosure () -> String, _ fields: @autoclosure () -> LogFields
  ) -> [UInt8] {
    line(.info, message, fields)
  }

  /// A JSON object in any log format as one line that no level filters, for `write(lines:)`. For metrics.
  ///
  /// Lambda filters by the members `level` and `timestamp`; an object without them counts as `INFO`, and is
  /// dropped with the metrics in it when the level is higher.
  /// Source: https://docs.aws.amazon.com/lambda/latest/dg/monitoring-cloudwatchlogs-log-level.html
  ///
  /// - Parameter object: with at least one member, and without `timestamp`, `level`, and `requestId`.
  public func unfilteredLine(_ object: [UInt8]) -> [UInt8] {
    var line = jsonStart(clock.unixMilliseconds(), max(.info, minimumLevel))
    line.append(UInt8(ascii: ","))
    line += object.dropFirst()
    line.append(UInt8(ascii: "\n"))
    return line
  }

  /// Writes complete lines with as few system calls as leave each line in one piece: a pipe takes 4,096 bytes
  /// (`PIPE_BUF`) at once, and other threads may write in between.
  public func write(lines: [UInt8]) {
    if lines.isEmpty { return }
    if lines.count <= 4_096 { return write(lines) }
    let lineBreak = UInt8(ascii: "\n")
    var rest = lines[...]
    while rest.count > 4_096, let first = rest.firstIndex(of: lineBreak) {
      let end = rest.prefix(4_096).lastIndex(of: lineBreak) ?? first
      write(Array(rest[...end]))
      rest = rest[(end + 1)...]
    }
    if !rest.isEmpty { write(Array(rest)) }
  }

  private func record(
    _ level: LogLevel, _ message: () -> String, _ fields: () -> LogFields = { .none }
  ) {
    write(lines: line(level, message, fields))
  }

  private func line(
    _ level: LogLevel, _ message: () -> String, _ fields: () -> LogFields
  ) -> [UInt8] {
    guard level >= minimumLevel else { return [] }
    let time = clock.unixMilliseconds()
    var line =
      usesJSON
      ? jsonLine(time, level, message(), fields()) : plainLine(time, level, message())
    line = redaction.applied(to: line)
    line.append(UInt8(ascii: "\n"))
    return line
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
    return line
  }

  private func jsonLine(
    _ time: Int64, _ level: LogLevel, _ message: String, _ fields: LogFields
  ) -> [UInt8] {
    var line = jsonStart(time, level)
    if let tenantID { Self.append("tenantId", .text(tenantID), to: &line) }
    Self.append("message", .text(message), to: &line)
    for field in fields.members { Self.append(field.name, field.value, to: &line) }
    line.append(UInt8(ascii: "}"))
    return line
  }

  /// An open object with what Lambda reads of a line.
  private func jsonStart(_ time: Int64, _ level: LogLevel) -> [UInt8] {
    var line = Array("{\"timestamp\":\"".utf8)
    line.reserveCapacity(512)
    Timestamp.append(unixMilliseconds: time, to: &line)
    line += "\",\"level\":\"\(level.name)\"".utf8
    if let requestID { Self.append("requestId", .text(requestID), to: &line) }
    return line
  }

  /// - Parameter name: needs no escape.
  private static func append(_ name: String, _ value: LogFields.Value, to line: inout [UInt8]) {
    line += Array(",\"\(name)\":".utf8)
    switch value {
    case .number(let number): line += Array(String(number).utf8)
    case .decimal(let number): line += Array(number.description.utf8)
    case .text(let text):
      line.append(UInt8(ascii: "\""))
      VisibleText.append(text, to: &line, as: .jsonString)
      line.append(UInt8(ascii: "\""))
    }
  }

  /// Writes one line to standard error; nobody is left to report a failure to.
  public static let writeToStandardError: @Sendable ([UInt8]) -> Void = { line in
    try? StandardStream.error.write(line)
  }
}
