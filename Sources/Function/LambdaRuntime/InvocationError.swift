import JSON
import Platform

/// A failed invocation or a failed start, as reported to Lambda.
public struct InvocationError: ReportableError, Equatable, Sendable {
  /// `Category.Reason`, sent in `Lambda-Runtime-Function-Error-Type`.
  public let errorType: String
  /// User-facing: what failed, and what to do.
  public let message: String

  /// The fields of a JSON log line about the error.
  public let logFields: LogFields

  /// A message that takes this many bytes as JSON leaves the report below 8 KiB.
  private static let maximumMessageBytes = 6_400

  /// An error; a long message is truncated.
  public init(errorType: String, message: String, logFields: LogFields? = nil) {
    self.errorType = errorType
    self.message = message.truncated(toJSONBytes: Self.maximumMessageBytes, isASCII: false)
    self.logFields = logFields ?? LogFields([("errorType", .text(errorType))])
  }

  public static func == (left: InvocationError, right: InvocationError) -> Bool {
    left.errorType == right.errorType && left.message == right.message
  }

  /// Converts any error; a `ReportableError` keeps its type.
  public init(_ error: any Error) {
    if let known = error as? InvocationError {
      self = known
    } else if let known = error as? any ReportableError {
      self.init(errorType: known.errorType, message: known.message)
    } else {
      self.init(errorType: "Runtime.UnknownError", message: String(describing: error))
    }
  }

  /// The same error without secrets in its message.
  func redacted(by redaction: Redaction) -> InvocationError {
    InvocationError(
      errorType: errorType, message: redaction.applied(to: message), logFields: logFields)
  }

  /// The body of the error report; valid JSON below 8 KiB whatever the message contains.
  var report: [UInt8] {
    var writer = JSONWriter()
    writer.beginObject()
    writer.key("errorMessage")
    writer.string(message)
    writer.key("errorType")
    writer.string(headerType)
    writer.key("stackTrace")
    writer.beginArray()
    writer.endArray()
    writer.endObject()
    return writer.bytes
  }

  /// The type as a header value. Characters other than letters, digits, `.`, `_`, and `-` are
  /// replaced, because a part of the type may be a code from a server.
  var headerType: String {
    let scalars = errorType.unicodeScalars.prefix(256).map { scalar -> Unicode.Scalar in
      let isPlain = scalar.isASCII && (scalar.properties.isAlphabetic || "0"..."9" ~= scalar)
      return isPlain || scalar == "." || scalar == "_" || scalar == "-" ? scalar : "_"
    }
    return scalars.isEmpty ? "Runtime.UnknownError" : String(String.UnicodeScalarView(scalars))
  }

  /// The error as shown by X-Ray, for `Lambda-Runtime-Function-XRay-Error-Cause`.
  ///
  /// Lambda accepts less than 1 MiB. The message is truncated further than the report's, since most
  /// characters are longer in a header.
  var xRayCause: String {
    var writer = JSONWriter()
    writer.beginObject()
    writer.key("working_directory")
    writer.string("")
    writer.key("exceptions")
    writer.beginArray()
    writer.beginObject()
    writer.key("type")
    writer.string(headerType)
    writer.key("message")
    writer.string(message.truncated(toJSONBytes: Self.maximumMessageBytes, isASCII: true))
    writer.key("stack")
    writer.beginArray()
    writer.endArray()
    writer.endObject()
    writer.endArray()
    writer.key("paths")
    writer.beginArray()
    writer.endArray()
    writer.endObject()
    return Self.asciiJSON(writer.bytes)
  }

  /// Escapes all characters but ASCII, because a header value must be ASCII.
  private static func asciiJSON(_ json: [UInt8]) -> String {
    var text = ""
    for unit in String(decoding: json, as: UTF8.self).utf16 {
      if let ascii = Unicode.Scalar(unit), ascii.isASCII, unit != 0x7F {
        text.unicodeScalars.append(ascii)
      } else {
        let digits = String(unit, radix: 16)
        text += "\\u" + String(repeating: "0", count: 4 - digits.count) + digits
      }
    }
    return text
  }
}

extension String {
  /// As much of the text as takes no more bytes in JSON, with an ellipsis when something is missing.
  ///
  /// By scalars, because one Character may be a megabyte of accents.
  /// - Parameter isASCII: whether the JSON escapes everything else.
  fileprivate func truncated(toJSONBytes limit: Int, isASCII: Bool) -> String {
    // Nothing takes more than six bytes for one.
    if utf8.count <= limit / 6 { return self }
    var total = 0
    for index in unicodeScalars.indices {
      let scalar = unicodeScalars[index]
      let isPlain = scalar.isASCII && scalar.value >= 0x20 && scalar.value != 0x7F
      let isEscaped = !isPlain && (isASCII || scalar.value < 0x80)
      let plainBytes = scalar == "\"" || scalar == "\\" ? 2 : Int(UTF8.width(scalar))
      total += isEscaped ? (scalar.value > 0xFFFF ? 12 : 6) : plainBytes
      guard total <= limit else { return String(self[..<index]) + "…" }
    }
    return self
  }
}
