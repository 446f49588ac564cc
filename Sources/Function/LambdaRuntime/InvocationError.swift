import JSON
import Platform

/// A failed invocation, or a failed start, as it is reported to Lambda.
public struct InvocationError: ReportableError, Equatable, Sendable {
  /// `Category.Reason`; travels in `Lambda-Runtime-Function-Error-Type`.
  public let errorType: String
  /// What failed, for a person.
  public let message: String

  /// An error of one's own.
  public init(errorType: String, message: String) {
    self.errorType = errorType
    self.message = message
  }

  /// Any error, with its own type when it has one.
  public init(_ error: any Error) {
    if let known = error as? any ReportableError {
      self.init(errorType: known.errorType, message: known.message)
    } else {
      self.init(errorType: "Runtime.UnknownError", message: String(describing: error))
    }
  }

  /// The body of the error report: valid JSON whatever the message holds.
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
  /// Lambda takes less than 1 MiB; a header need not be that long, so the message is cut.
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
    // Scalars, because one Character may be a megabyte of accents.
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
