import JSON
import Platform

/// A failed invocation, or a failed start, as it is reported to Lambda.
public struct InvocationError: ReportableError, Equatable, Sendable {
  /// `Category.Reason`; travels in `Lambda-Runtime-Function-Error-Type`.
  public let errorType: String
  /// What failed, for a person.
  public let message: String

  /// Of a JSON log line about it.
  public let logFields: LogFields

  /// A message that takes this many bytes as JSON leaves the report below 8 KiB.
  private static let maximumMessageBytes = 6_400

  /// An error; a long message is cut.
  public init(errorType: String, message: String, logFields: LogFields? = nil) {
    self.errorType = errorType
    self.message = message.cut(toCost: Self.maximumMessageBytes) { scalar in
      switch scalar {
      case "\"", "\\": 2
      case _ where scalar.value < 0x20 || scalar.value == 0x7F: 6
      default: UTF8.width(scalar)
      }
    }
    self.logFields = logFields ?? LogFields([("errorType", .text(errorType))])
  }

  /// Any error, with its own type when it has one.
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

  /// The body of the error report: valid JSON whatever the message holds.
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

  /// The type as a header's value: anything but letters, digits and the usual marks is replaced, because a
  /// part of it may be the code that some server sent.
  var headerType: String {
    let scalars = errorType.unicodeScalars.prefix(256).map { scalar -> Unicode.Scalar in
      let isPlain = scalar.isASCII && (scalar.properties.isAlphabetic || "0"..."9" ~= scalar)
      return isPlain || scalar == "." || scalar == "_" || scalar == "-" ? scalar : "_"
    }
    return scalars.isEmpty ? "Runtime.UnknownError" : String(String.UnicodeScalarView(scalars))
  }

  /// What X-Ray shows of the error, for `Lambda-Runtime-Function-XRay-Error-Cause`.
  ///
  /// Lambda takes less than 1 MiB; a header need not be that long, so the message is cut further.
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
    writer.string(
      message.cut(toCost: Self.maximumMessageBytes) { scalar in
        scalar.isASCII && scalar.value >= 0x20 && scalar.value != 0x7F ? 2 : 6 * UTF16.width(scalar)
      })
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

  /// A JSON document with every other character escaped, since a header's value is ASCII.
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
  /// As much of the text as costs no more than a limit, with an ellipsis when something is missing.
  ///
  /// By scalars, because one Character may be a megabyte of accents.
  fileprivate func cut(toCost limit: Int, _ cost: (Unicode.Scalar) -> Int) -> String {
    var total = 0
    var end = unicodeScalars.startIndex
    for index in unicodeScalars.indices {
      total += cost(unicodeScalars[index])
      guard total <= limit else { return String(unicodeScalars[..<end]) + "…" }
      end = unicodeScalars.index(after: index)
    }
    return self
  }
}
