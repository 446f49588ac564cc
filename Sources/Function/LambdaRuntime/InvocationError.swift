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
}
