import Glibc

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
/// break inside the text is written as `\n`. JSON: `timestamp`, `level`, `requestId`, `message`.
/// Payloads and secrets are never passed to it.
/// See https://docs.aws.amazon.com/lambda/latest/dg/monitoring-cloudwatchlogs-logformat.html
public struct Log: Sendable {
  private let usesJSON: Bool
  private let minimumLevel: LogLevel
  private let clock: Clock
  private let write: @Sendable ([UInt8]) -> Void
  /// What keeps secrets out of every line; also for whatever else leaves the process.
  public let redaction: Redaction
  /// The invocation that lines belong to; nil outside an invocation.
  public var requestID: String?
  /// The tenant of the invocation, for functions with tenant isolation.
  public var tenantID: String?

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
    redaction = Redaction(environment: environment)
  }

  /// The same log for the lines of one invocation.
  public func forRequest(_ requestID: String, tenantID: String? = nil) -> Log {
    var copy = self
    copy.requestID = requestID
    copy.tenantID = tenantID
    return copy
  }

  /// For whoever debugs: a retry's reason, a check that was skipped.
  public func debug(_ message: @autoclosure () -> String) { record(.debug, message) }
  /// What was done.
  public func info(_ message: @autoclosure () -> String) { record(.info, message) }
  /// Something odd that was dealt with.
  public func warn(_ message: @autoclosure () -> String, _ fields: LogFields = .none) {
    record(.warn, message, fields)
  }
  /// Something failed.
  public func error(_ message: @autoclosure () -> String, _ fields: LogFields = .none) {
    record(.error, message, fields)
  }
  /// The process ends.
  public func fatal(_ message: @autoclosure () -> String, _ fields: LogFields = .none) {
    record(.fatal, message, fields)
  }

  /// Writes a line that is formatted already and ends in a line break, whatever the level: metrics.
  public func writeLine(_ line: [UInt8]) { write(line) }

  private func record(
    _ level: LogLevel, _ message: () -> String, _ fields: LogFields = .none
  ) {
    guard level >= minimumLevel else { return }
    let time = clock.unixMilliseconds()
    let text = redaction.applied(to: message())
    write(usesJSON ? jsonLine(time, level, text, fields) : plainLine(time, level, text))
  }

  private func plainLine(_ time: Int64, _ level: LogLevel, _ message: String) -> [UInt8] {
    var line: [UInt8] = []
    line.reserveCapacity(96 + message.utf8.count)
    Timestamp.append(unixMilliseconds: time, to: &line)
    line.append(UInt8(ascii: "\t"))
    LineEscaping.append(requestID ?? "-", to: &line, escapesQuotes: false)
    line.append(UInt8(ascii: "\t"))
    line += level.name.utf8
    line.append(UInt8(ascii: "\t"))
    LineEscaping.append(message, to: &line, escapesQuotes: false)
    line.append(UInt8(ascii: "\n"))
    return line
  }

  private func jsonLine(
    _ time: Int64, _ level: LogLevel, _ message: String, _ fields: LogFields
  ) -> [UInt8] {
    var line = Array("{\"timestamp\":\"".utf8)
    line.reserveCapacity(160 + message.utf8.count)
    Timestamp.append(unixMilliseconds: time, to: &line)
    line += "\",\"level\":\"\(level.name)\"".utf8
    for (name, value) in [("requestId", requestID), ("tenantId", tenantID), ("message", message)] {
      if let value { Self.append(name, .text(value), to: &line) }
    }
    for field in fields.members {
      if case .text(let text) = field.value {
        Self.append(field.name, .text(redaction.applied(to: text)), to: &line)
      } else {
        Self.append(field.name, field.value, to: &line)
      }
    }
    line += Array("}\n".utf8)
    return line
  }

  /// - Parameter name: needs no escape.
  private static func append(_ name: String, _ value: LogFields.Value, to line: inout [UInt8]) {
    line += Array(",\"\(name)\":".utf8)
    switch value {
    case .number(let number): line += Array(String(number).utf8)
    case .text(let text):
      line.append(UInt8(ascii: "\""))
      LineEscaping.append(text, to: &line, escapesQuotes: true)
      line.append(UInt8(ascii: "\""))
    }
  }

  /// Writes one line to file descriptor 2 with as few system calls as it takes.
  public static let writeToStandardError: @Sendable ([UInt8]) -> Void = { line in
    unsafe line.withUnsafeBytes { bytes in
      var rest = unsafe bytes[...]
      while let start = unsafe UnsafeRawBufferPointer(rebasing: rest).baseAddress {
        let written = unsafe Glibc.write(2, start, rest.count)
        if written > 0 {
          unsafe rest = rest.dropFirst(written)
        } else if written < 0 && errno == EINTR {
          continue
        } else {
          return
        }
        if unsafe rest.isEmpty { return }
      }
    }
  }
}

/// Keeps a record on one line and inside its JSON string.
enum LineEscaping {
  static func append(_ text: String, to line: inout [UInt8], escapesQuotes: Bool) {
    // Most texts need no escaping and are copied as a whole.
    var copy = text
    let isPlain = copy.withUTF8 { text in
      for index in text.indices where unsafe needsEscape(text[index]) { return false }
      unsafe line.append(contentsOf: text)
      return true
    }
    if isPlain { return }
    for byte in text.utf8 {
      switch byte {
      case UInt8(ascii: "\n"): line += [UInt8(ascii: "\\"), UInt8(ascii: "n")]
      case UInt8(ascii: "\r"): line += [UInt8(ascii: "\\"), UInt8(ascii: "r")]
      case UInt8(ascii: "\""), UInt8(ascii: "\\"):
        if escapesQuotes { line.append(UInt8(ascii: "\\")) }
        line.append(byte)
      case 0..<0x20, 0x7F:
        line += Array((escapesQuotes ? "\\u00" : "\\x").utf8)
        line += [hexDigit(byte >> 4), hexDigit(byte & 15)]
      default: line.append(byte)
      }
    }
  }

  private static func needsEscape(_ byte: UInt8) -> Bool {
    byte < 0x20 || byte == 0x7F || byte == UInt8(ascii: "\"") || byte == UInt8(ascii: "\\")
  }

  private static func hexDigit(_ value: UInt8) -> UInt8 {
    value < 10 ? UInt8(ascii: "0") + value : UInt8(ascii: "a") + value - 10
  }
}
