import JSON
import Platform

/// A failed invocation or a failed start, as reported to Lambda.
public struct InvocationError: ReportableError, Equatable, Sendable {
  /// `Category.Reason`, sent in `Lambda-Runtime-Function-Error-Type`.
  public let errorType: String
  /// User-facing: what failed, and what to do.
  public let message: String

  public init(errorType: String, message: String) {
    self.errorType = errorType
    self.message = message
  }

  /// Converts any error; a `ReportableError` keeps its type.
  public init(_ error: any Error) {
    if let known = error as? any ReportableError {
      self.init(errorType: known.errorType, message: known.message)
    } else {
      self.init(errorType: "Runtime.UnknownError", message: String(describing: error))
    }
  }

  /// The body of the error report; valid JSON whatever the message contains.
  var report: [UInt8] {
    var writer = JSONWriter()
    writer.beginObject()
    writer.key("errorMessage")
    writer.string(message)
    writer.key("errorType")
    writer.string(errorType)
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
  /// Lambda accepts less than 1 MiB. The message is truncated to 2,000 characters, enough for a
  /// header.
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
    // Scalars, because one Character may consist of a megabyte of accents.
    writer.string(String(String.UnicodeScalarView(message.unicodeScalars.prefix(2_000))))
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
